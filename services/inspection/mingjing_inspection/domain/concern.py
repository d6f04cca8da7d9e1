"""Concern (诉求主题): what a message is about, and which matters and departments that touches.

One rule: a concern is only suggested. Whose matter it is follows from the table of dispatch, as for findings.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from mingjing_inspection.domain.finding_terms import Matter


class Concern(StrEnum):
    """What a message is mainly about."""

    CLOSURE = "CLOSURE"
    """停课停业、失联跑路"""
    REFUND = "REFUND"
    """退费与合同纠纷"""
    QUALITY = "QUALITY"
    """教学质量与服务"""
    FALSE_CONFIRMATION = "FALSE_CONFIRMATION"
    """虚假消课"""
    PRIVATE_PAYMENT = "PRIVATE_PAYMENT"
    """账外收费"""
    FEES = "FEES"
    """超额、超期收费"""
    LOAN = "LOAN"
    """培训贷"""
    ADVERTISING = "ADVERTISING"
    """广告宣传"""
    WAGES = "WAGES"
    """欠薪欠租"""
    FIRE = "FIRE"
    """场所与消防"""
    TEACHING = "TEACHING"
    """超时、超前、学科培训"""
    UNLICENSED = "UNLICENSED"
    """无证办学"""
    NEW_SITE = "NEW_SITE"
    """未经批准的教学点"""
    JACKET = "JACKET"
    """换名经营"""
    CHILDCARE = "CHILDCARE"
    """托管名义补课"""
    STAFF = "STAFF"
    """从业人员与在职教师"""
    CONSULT = "CONSULT"
    """政策咨询"""
    PRAISE = "PRAISE"
    """表扬、撤诉"""
    UNRELATED = "UNRELATED"
    """与校外培训无关"""


MATTERS: Mapping[Concern, tuple[Matter, ...]] = MappingProxyType(
    {
        Concern.CLOSURE: (Matter.CUSTODY, Matter.CONTRACT),
        Concern.REFUND: (Matter.CONTRACT, Matter.CUSTODY),
        Concern.QUALITY: (Matter.CONTRACT, Matter.STAFF),
        Concern.FALSE_CONFIRMATION: (Matter.CUSTODY, Matter.FRAUD),
        Concern.PRIVATE_PAYMENT: (Matter.CUSTODY, Matter.FEES),
        Concern.FEES: (Matter.FEES,),
        Concern.LOAN: (Matter.CUSTODY, Matter.FEES),
        Concern.ADVERTISING: (Matter.ADVERTISING, Matter.PERSONAL_DATA),
        Concern.WAGES: (Matter.WAGES_RENT,),
        Concern.FIRE: (Matter.FIRE_SAFETY,),
        Concern.TEACHING: (Matter.TEACHING_TIME, Matter.SCOPE),
        Concern.UNLICENSED: (Matter.LICENCE, Matter.HIDDEN_TRAINING),
        Concern.NEW_SITE: (Matter.LICENCE,),
        Concern.JACKET: (Matter.LICENCE,),
        Concern.CHILDCARE: (Matter.CHILDCARE_COVER,),
        Concern.STAFF: (Matter.STAFF, Matter.IN_SERVICE_TEACHER),
        Concern.CONSULT: (),
        Concern.PRAISE: (),
        Concern.UNRELATED: (),
    }
)
"""The matters that each touches, the first one first."""
