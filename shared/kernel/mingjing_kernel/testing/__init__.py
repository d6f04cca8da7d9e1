"""What tests of a service share: the given/when/then grammar and real servers. Needs the ``testing`` extra."""
