"""What may come in bulk over NATS (总线报送): banks' entries, statement files and answers to payment orders.

One rule: the same gate, the same grants and the same refusals as over HTTP; a bank speaks about its own accounts only.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mingjing_funds.intake import bank_feed as feed
from mingjing_kernel.broker.bulk_port import PortMessage

COMMANDS: Mapping[str, PortMessage] = MappingProxyType(
    {
        "book-entries": PortMessage(feed.Entries, feed.Taken, feed.take_entries),
        "take-statement": PortMessage(feed.StatementFile, feed.Taken, feed.take_statement),
        "answer-orders": PortMessage(feed.OrderAnswers, feed.Answered, feed.take_answers),
    }
)
