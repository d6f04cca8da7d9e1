"""A labelled set for matching: a register of made-up institutions, and applications whose owner is known.

The one rule: a seed makes it, so the same figures come again. Nobody in it exists: names are drawn from characters,
places from the division table.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from mingjing_kernel.spelling.places import division_table
from mingjing_registry.matching.pinyin import syllables
from mingjing_registry.matching.traits import Kind, Traits

BRAND = (
    "明德启航博雅文华星光思源卓越智慧童心未来阳春晓苗圃慧聪天成育英致远弘毅新知乐学优才金桥蓝海知行百川千寻木铎轩羲和园"
    "奇思社弦月堂荻花芷岸鼓瑟一苇击壤屿青禾云帆朗朗书香墨韵画舫琴音舞动飞扬领先少年菁华翰林状元红树林小海豚向日葵蒲公英"
    "大风车七彩梦工坊悦读雅思维加速度极客创想未名湖畔梧桐语橡果橙子苹果树银杏松鹤竹溪兰亭菊径梅香荷塘柳岸枫叶榕荫桂冠"
    "安康宁静和顺诚信达贤俊杰秀丽嘉禾瑞雪祥云福星禄寿喜庆丰盈泰鼎盛辉煌腾龙凤凰麒麟鹏程骏马鸿雁鲲展翅锐锋刚毅坚恒志勇"
)
TRADES = (
    ("art", "书画"), ("art", "美术"), ("art", "舞蹈"), ("art", "音乐"), ("art", "艺术"), ("subject", "英语"),
    ("subject", "外语"), ("subject", "数学"), ("subject", "语文"), ("sport", "体育"), ("sport", "篮球"),
    ("sport", "跆拳道"), ("sport", "游泳"), ("technology", "编程"), ("technology", "机器人"), ("technology", "科技"),
    ("other", "素养"), ("other", "研学"), ("other", "文化"),
)  # fmt: skip
FORMS = (
    "培训学校有限公司",
    "培训学校",
    "培训中心",
    "培训有限公司",
    "教育科技有限公司",
    "教育咨询有限公司",
    "文化艺术有限公司",
)
ABBREVIATED = {"培训学校有限公司": "培训学校", "培训学校": "培训", "培训中心": "", "培训有限公司": "培训",
               "教育科技有限公司": "教育", "教育咨询有限公司": "教育", "文化艺术有限公司": "文化艺术"}  # fmt: skip
ROADS = (
    *("文一", "文二", "莲花", "学院", "古墩", "人民", "中山", "解放", "建设", "和平", "新华", "长江", "黄河", "滨江"),
    *("湖墅", "丰潭", "教工", "天目山", "体育场", "环城北", "江陵", "江南", "科技园", "创业", "金沙", "银泰", "凤起"),
)
ESTATES = ("银泰", "瑞禾", "万达", "星光", "天虹", "嘉里", "龙湖", "宝龙", "印象", "恒隆")
KINDS = ("大厦", "广场", "中心", "花园")
SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏"
)
GIVEN = "伟芳娜敏静强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红建文丽雪梅志鹏飞鑫浩宇晨曦子涵欣怡梓轩诗琪俊豪思远佳慧"
NUMERALS = "零一二三四五六七八九"
PROVINCES = ("浙江省", "江苏省", "广东省", "山东省", "河南省", "四川省")
WHICH = (("第一", "第二"), ("城西校区", "城东校区"), ("第二", "第三"), ("", "第二"), ("南校区", "北校区"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One made-up institution, before it is cut into traits."""

    city_name: str
    county_name: str
    county: str
    core: str
    trade: tuple[str, str]
    form: str
    which: str
    road: str
    house: int
    estate: str
    building: int
    room: int
    phone: str
    person: str
    named_for: int
    """How much of the place stands in the name: 0 nothing, 1 the city, 2 the county too."""

    @property
    def name(self) -> str:
        """As on the certificate."""
        county = self.county_name if self.named_for > 1 else ""
        place = f"{self.city_name}{county}" if self.named_for else ""
        return f"{place}{self.core}{self.which}{self.trade[1]}{self.form}"

    @property
    def address(self) -> str:
        """As the licence has it."""
        return f"{self.county_name}{self.road}路{self.house}号{self.estate}{self.building}幢{self.room}室"

    def traits(self, name: str = "", address: str = "", *, phone: bool = True, person: bool = True) -> Traits:
        """For comparison; what is given replaces what is written here."""
        digests = {
            Kind.PHONE: {self.phone: "masked"} if phone and self.phone else {},
            Kind.PERSON_NAME: {self.person: "masked"} if person and self.person else {},
        }
        return Traits(
            names=(name or self.name,), region=self.county, category=self.trade[0],
            addresses=(address or self.address,), digests=digests,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Labelled:
    """An application, and whose it really is; ``None``: nobody's in the register."""

    traits: Traits
    whose: UUID | None
    kind: str


class Sample:
    """The register and what is asked of it."""

    def __init__(self, count: int, seed: int = 20260701) -> None:
        self._random = random.Random(seed)
        self._counties = _counties(self._random)
        self._by_sound = _by_sound()
        self.made = [self._new() for _ in range(count)]
        self.ids = [UUID(int=number + 1) for number in range(count)]

    def register(self) -> dict[UUID, Traits]:
        """Everybody."""
        return {id: made.traits() for id, made in zip(self.ids, self.made, strict=True)}

    def labelled(self, count: int) -> list[Labelled]:
        """Six of ten are somebody's under another name; of the others half are hard: chains and sister schools."""
        return [self._one(self._random.random()) for _ in range(count)]

    def _one(self, drawn: float) -> Labelled:
        at = self._random.randrange(len(self.made))
        made = self.made[at]
        if drawn < 0.6:
            return self._jacket(made, self.ids[at])
        if drawn < 0.7:
            return Labelled(self._elsewhere(made).traits(), None, "chain")
        if drawn < 0.8:
            return Labelled(self._sister(made).traits(), None, "sister")
        return Labelled(self._new().traits(), None, "stranger")

    def _jacket(self, made: Made, id: UUID) -> Labelled:
        """The same people again: the name is changed once or twice, and the address, telephone and person often."""
        draw = self._random
        name = made.name
        for change in draw.sample(
            (self._shortened, self._homophone, self._dropped, self._swapped), draw.choice((1, 2))
        ):
            made, name = change(made, name)
        moved = draw.random()
        if moved < 0.35:
            place = self._place()
            made = replace(made, **place)
        elif moved < 0.45:
            made = replace(self._moved_away(made), **self._place())
        phone, person = draw.random() < 0.5, draw.random() < 0.6
        stranger = self._new()
        made = replace(
            made, phone=made.phone if phone else stranger.phone, person=made.person if person else stranger.person
        )
        address = made.address if moved < 0.45 else self._rewritten(made)
        stated = phone or draw.random() < 0.7
        return Labelled(made.traits(name, address, phone=stated), id, "moved" if moved < 0.45 else "stayed")

    def _shortened(self, made: Made, name: str) -> tuple[Made, str]:
        """温斯顿英语 for 杭州温斯顿英语培训学校有限公司."""
        draw = self._random.random()
        if draw < 0.6 and made.named_for:
            place = f"{made.city_name}{made.county_name if made.named_for > 1 else ''}"
            name = name.removeprefix(place)
        if draw > 0.3 and name.endswith(made.form):
            name = name.removesuffix(made.form) + ABBREVIATED[made.form]
        return made, name

    def _homophone(self, made: Made, name: str) -> tuple[Made, str]:
        at = self._random.randrange(len(made.core))
        same = self._by_sound[syllables().by_character[ord(made.core[at])]]
        other = self._random.choice(same)
        return self._with_core(made, name, made.core[:at] + other + made.core[at + 1 :])

    def _dropped(self, made: Made, name: str) -> tuple[Made, str]:
        if len(made.core) < 3:
            return made, name
        at = self._random.randrange(len(made.core))
        return self._with_core(made, name, made.core[:at] + made.core[at + 1 :])

    def _swapped(self, made: Made, name: str) -> tuple[Made, str]:
        at = self._random.randrange(len(made.core) - 1)
        core = made.core[:at] + made.core[at + 1] + made.core[at] + made.core[at + 2 :]
        return self._with_core(made, name, core)

    @staticmethod
    def _with_core(made: Made, name: str, core: str) -> tuple[Made, str]:
        return replace(made, core=core), name.replace(made.core, core, 1)

    def _elsewhere(self, made: Made) -> Made:
        """The same brand in another county: another house, other people."""
        away, new = self._moved_away(made), self._new()
        return replace(away, **self._place(), phone=new.phone, person=new.person, form=new.form)

    def _sister(self, made: Made) -> Made:
        """One brand, one county, two schools: the name says which."""
        new, which = self._new(), self._random.choice(WHICH)
        differs = [word for word in which if word != made.which]
        trade = made.trade if differs[0] else new.trade
        return replace(made, which=differs[0], trade=trade, **self._place(), phone=new.phone, person=new.person)

    def _moved_away(self, made: Made) -> Made:
        same = [one for one in self._counties if one[0] == made.city_name and one[2] != made.county]
        near = self._random.random() < 0.6 and same
        city, name, code = self._random.choice(same if near else self._counties)
        return replace(made, city_name=city, county_name=name, county=code)

    def _rewritten(self, made: Made) -> str:
        """The same address as another clerk writes it."""
        draw = self._random
        house = "".join(NUMERALS[int(digit)] for digit in str(made.house)) if made.house < 10 else str(made.house)
        return (
            f"{draw.choice((made.county_name, made.city_name + '市' + made.county_name, ''))}{made.road}路"
            f"{house}{draw.choice(('号', '号', ' 号'))}{draw.choice((made.estate, ''))}"
            f"{made.building}{draw.choice(('幢', '号楼', '栋'))}{made.room}{draw.choice(('室', '', '室'))}"
        )

    def _place(self) -> dict[str, Any]:
        draw = self._random
        return {"road": draw.choice(ROADS), "house": draw.randint(1, 900), "building": draw.randint(1, 9),
                "estate": draw.choice(ESTATES) + draw.choice(KINDS) if draw.random() < 0.5 else "",
                "room": draw.randint(1, 20) * 100 + draw.randint(1, 20)}  # fmt: skip

    def _new(self) -> Made:
        draw = self._random
        city, county_name, county = draw.choice(self._counties)
        length = draw.choices((2, 3, 4), (25, 50, 25))[0]
        return Made(
            city_name=city, county_name=county_name, county=county,
            core="".join(draw.choice(BRAND) for _ in range(length)), trade=draw.choice(TRADES), form=draw.choice(FORMS),
            which=draw.choice(("第一", "第二", "城西校区")) if draw.random() < 0.05 else "",
            phone=f"1{draw.randint(30, 99)}{draw.randint(0, 99_999_999):08}",
            person=draw.choice(SURNAMES) + "".join(draw.choice(GIVEN) for _ in range(draw.choice((1, 2, 2)))),
            named_for=draw.choices((0, 1, 2), (10, 55, 35))[0],
            **self._place(),
        )  # fmt: skip


def _counties(draw: random.Random) -> list[tuple[str, str, str]]:
    """Those of six provinces, some 780: five times as many institutions in each as in the whole country's 2,847."""
    table = division_table()
    found = [
        (city.removesuffix("市"), name, code)
        for province, _, cities in table["provinces"]
        if province in PROVINCES
        for city, _, counties in cities
        for name, code in counties.items()
        if city
    ]
    draw.shuffle(found)
    return found


def _by_sound() -> dict[str, list[str]]:
    """Everyday characters of each reading."""
    table, found = syllables().by_character, defaultdict(list)
    for first in range(0xB0, 0xD8):
        for second in range(0xA1, 0xFF):
            try:
                character = bytes((first, second)).decode("gb2312")
            except UnicodeDecodeError:
                continue
            found[table[ord(character)]].append(character)
    for character in set(BRAND):
        found[table[ord(character)]].append(character)
    return dict(found)


def chunks(many: list[Labelled]) -> Iterator[list[Labelled]]:
    """Two halves: to tune with, and to test with."""
    middle = len(many) // 2
    yield many[:middle]
    yield many[middle:]
