"""Why a bundle, or a part of it, is refused. One rule: each refusal tells the device what to send again, if any."""

from __future__ import annotations

from mingjing_kernel.refusal import Invalid, NotFound, Refusal


class BundleDeclaredOtherwise(Refusal):
    """The id has another manifest."""

    sentence = "A bundle with another manifest stands under this id."
    remedy = "Declare what is new as a bundle of its own."
    rule = "same id, same manifest"
    field = "bundle_id"


class ManifestMistaken(Invalid):
    """A manifest that nothing can be sent by."""

    sentence = "The manifest is mistaken at part {part_id}; a bundle has 1 to {maximum} parts."
    remedy = (
        "Give each part an id of its own (a report has its visit's), its SHA-256 and its length; a report or a "
        "correction is at most 64 KiB."
    )
    field = "parts"


class BundleOfAnother(Refusal):
    """The device holds reports of an officer who is not signed in."""

    sentence = "These reports were made by another officer than the one who is signed in."
    remedy = "Sign in as the officer who made them; they stay on the device until then."
    field = "officer"


class BundleUnknown(NotFound):
    """Nothing was declared, or somebody else declared it."""

    sentence = "You declared no bundle with this id."
    remedy = "Send the manifest first."
    field = "bundle_id"


class PartNotInManifest(NotFound):
    """The manifest says nothing of it."""

    sentence = "The manifest of this bundle has no such part."
    remedy = "Declare it in a bundle of its own. Evidence is sent to the address of evidence."
    field = "part_id"


class PartDamaged(Invalid):
    """The bytes are not those of the manifest: the network broke them."""

    sentence = "The bytes of this part are not those of the manifest; nothing of them was kept."
    remedy = "Send the part again, whole and unchanged."
    rule = "the manifest's SHA-256 and length"
    field = "body"


class PartUnreadable(Invalid):
    """Whole, and no report all the same."""

    sentence = "The part is no {kind}: {where}."
    remedy = "It is kept aside. Mend the program of the device, or have a supervisor look at it."
    field = "body"


class PartAboutAnother(Invalid):
    """It says it is about another visit than the manifest says."""

    sentence = "The part is about another visit than the manifest says."
    remedy = "It is kept aside. Mend the program of the device, or have a supervisor look at it."
    field = "visit_id"


class PartsTooMany(Refusal):
    """Too much waits or lies aside for one visit."""

    sentence = "{maximum} parts wait or are kept aside for this visit already."
    remedy = "Send what they wait for, or have a supervisor settle them; then send this one again."
    rule = "parts held"
    field = "part_id"
    status = 429


class PartUnknown(NotFound):
    """Nothing like it waits or lies aside."""

    sentence = "No such part waits or is kept aside."
    remedy = "Look it up in the list of parts kept aside."
    field = "sha256"


class PartSettled(Refusal):
    """Somebody decided on it, or it was taken."""

    sentence = "This part is settled already: {stage}."
    remedy = "Look at the visit itself."
    field = "sha256"


class PartNotForcible(Refusal):
    """Nothing can be read from it."""

    sentence = "Nothing can be taken from this part: it cannot be read."
    remedy = "Dismiss it, and have the officer report the visit again."
    field = "sha256"


class OwnPart(Refusal):
    """The officer who sent it settles it."""

    sentence = "Whoever sent a part does not settle it."
    remedy = "Ask another supervisor."
    rule = "proposer is not approver"
    field = "sha256"


class SettlementReasonMissing(Invalid):
    """Nobody said why."""

    sentence = "Settling a part needs a reason."
    remedy = "Say in a sentence why it is taken, or dismissed."
    field = "reason"
