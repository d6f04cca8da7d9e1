"""The whitelist as open data: for anybody, with its licence, and free for whoever has it already."""

import asyncio
import csv
import io
import json

from mingjing_registry.api.open_data import Feeds
from registry.conftest import World
from registry.test_api import MUDUO, MUDUO_ROW, account, file


async def test_the_open_whitelist_says_whose_it_is_and_when_it_changed(world: World) -> None:
    clerk = world.caller("licensing-officer")
    assert (await clerk.send(file(MUDUO_ROW))).status_code == 200
    empty = await world.public.read("/open-data/whitelist.json")
    assert (empty.status_code, empty.json()["institutions"]) == (200, [])
    await world.tell(account())
    answer = await world.public.read("/open-data/whitelist.json")
    told = answer.json()
    assert ([one["uscc"] for one in told["institutions"]], told["count"]) == ([MUDUO], 1)
    assert "phone" not in answer.text
    assert "范杰俊" not in answer.text
    assert told["licence"].startswith("https://")
    assert told["publisher"] in told["attribution"]
    assert (answer.headers["cache-control"], answer.headers["last-modified"][-3:]) == ("public, max-age=300", "GMT")
    assert answer.headers["etag"] != empty.headers["etag"]

    same = {"If-None-Match": f'"x", W/{answer.headers["etag"]}'}
    since = {"If-Modified-Since": answer.headers["last-modified"]}
    for headers in (same, since):
        again = await world.client.get("/registry/v1/open-data/whitelist.json", headers=headers)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", answer.headers["etag"])
    for headers in ({"If-None-Match": empty.headers["etag"]}, {"If-Modified-Since": "nonsense"}):
        assert (await world.client.get("/registry/v1/open-data/whitelist.json", headers=headers)).status_code == 200
    assert told["region"] == world.host.settings.county_code


async def test_who_asks_at_once_gets_what_is_made_once(world: World) -> None:
    clerk = world.caller("licensing-officer")
    assert (await clerk.send(file(MUDUO_ROW))).status_code == 200
    feeds = Feeds(world.host)
    for _ in range(2):
        first, *others = await asyncio.gather(*(feeds.current() for _ in range(5)))
        assert all(other is first for other in others)
        await world.tell(account())
    assert len(json.loads((await feeds.current()).bodies["json"])["institutions"]) == 1


async def test_the_csv_has_the_columns_of_its_schema(world: World) -> None:
    clerk = world.caller("licensing-officer")
    assert (await clerk.send(file(MUDUO_ROW))).status_code == 200
    await world.tell(account())
    answer = await world.public.read("/open-data/whitelist.csv")
    assert answer.content.startswith("\ufeff".encode())
    header, row = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")))
    schema = (await world.public.read("/open-data/whitelist/schema.json")).json()
    assert header == [column["name"] for column in schema["tableSchema"]["columns"]]
    assert row[1] == MUDUO
    catalogue = (await world.public.read("/open-data")).json()
    assert [one["mediaType"] for one in catalogue["dataset"][0]["distribution"]] == ["application/json", "text/csv"]
