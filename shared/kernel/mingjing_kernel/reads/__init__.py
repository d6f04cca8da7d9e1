"""The read log 查阅记录: who looked at what. What other packages use is named here."""

from mingjing_kernel.reads.declared import Open, Reading, Restricted
from mingjing_kernel.reads.noted import READS, Read
from mingjing_kernel.reads.read_model import make_reads_model, reads_table
from mingjing_kernel.reads.recorder import ReadUnrecorded, Recorder

__all__ = [
    "READS",
    "Open",
    "Read",
    "ReadUnrecorded",
    "Reading",
    "Recorder",
    "Restricted",
    "make_reads_model",
    "reads_table",
]
