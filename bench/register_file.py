"""The load of ``bench import``: a register of many institutions as a clerk sends it, with the usual faults."""

from __future__ import annotations

import io
import random
from datetime import date, timedelta

import xlsxwriter  # type: ignore[import-untyped]
from stdnum.cn import uscc

HEADER = ["序号", "机构名称", "统一社会信用代码", "办学许可证号", "发证日期", "有效期至", "机构性质", "培训类别",
          "法定代表人", "联系电话", "办学地址", "面积（㎡）", "年检结论"]  # fmt: skip
BRANDS = "木铎轩朗月堂半亩坊松间鹭汀知岫汇击壤屿青椽舍启昱里惊蛰雀羽千灯芷岸蒲苇鼓瑟九畹珩石沐风"
TRADES = (
    ("书画", "书法、美术"),
    ("音乐", "音乐"),
    ("外语", "学科类(英语)"),
    ("科技", "编程、机器人"),
    ("棋院", "棋类"),
)
TOWNS = ("三墩镇", "灵隐街道", "文新街道", "留下街道", "蒋村街道", "转塘街道", "古荡街道")
SURNAMES, GIVEN = "范袁何林苏卢尹梁杜唐姚胡马任赵", "杰俊宇洋语秀波航萱倩琪慧敏云薇"
FAULTY_EVERY = 500
"""One row in so many has a wrong code and is kept aside."""


def make(rows: int) -> bytes:
    """The same file every time."""
    target, drawn = io.BytesIO(), random.Random(20260630)
    book = xlsxwriter.Workbook(target, {"constant_memory": True})
    sheet = book.add_worksheet("白名单")
    sheet.write_row(0, 0, ["杭州市西湖区中小学生校外培训机构白名单"])
    sheet.write_row(1, 0, ["填报单位：杭州市西湖区教育局  统计截止：2026年6月30日"])
    sheet.write_row(2, 0, HEADER)
    for number in range(1, rows + 1):
        sheet.write_row(number + 2, 0, _row(number, drawn))
    book.close()
    return target.getvalue()


def _row(number: int, drawn: random.Random) -> list[object]:
    trade, items = drawn.choice(TRADES)
    brand = "".join(drawn.choices(BRANDS, k=3))
    issued = date(2023, 7, 1) + timedelta(days=drawn.randrange(1_000))
    expires = issued.replace(year=issued.year + 5) if (issued.month, issued.day) != (2, 29) else issued
    code = _code(number)
    return [
        number,
        f"杭州西湖区{brand}{trade}培训学校有限公司",
        code[:-1] + "!" if number % FAULTY_EVERY == 0 else code,
        f"教民1330106{number:08d}",
        f"{issued:%Y.%-m.%-d}" if number % 3 else issued.isoformat(),
        f"{expires:%Y年%-m月%-d日}" if number % 5 == 0 else expires.isoformat(),
        "营利性",
        items,
        drawn.choice(SURNAMES) + "".join(drawn.choices(GIVEN, k=2)),
        f"1990{number:07d}",
        f"西湖区{drawn.choice(TOWNS)}莲花街{drawn.randrange(1, 999)}号商铺{number}号",
        drawn.randrange(80, 900),
        "合格",
    ]


def _code(number: int) -> str:
    body = f"91330106MA{number:07d}"
    return body + str(uscc.calc_check_digit(body))
