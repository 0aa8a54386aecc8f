"""A town small enough to read, as its twelve files: one area, one station, one estate with a grid, one street."""

from datetime import date
from pathlib import Path

from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Place
from chalicelib.domain.town_import.columns import CLOCKS, FILES, SOURCES
from chalicelib.domain.town_import.files import read_town
from chalicelib.domain.town_import.options import EVERY_FILE

TODAY = date(2026, 11, 23)  # a Monday
SAMPLE = Path(__file__).parent.parent / "town"

SMALL = {
    "places": """code,parent,kind,name,inside_wall,lat,lon,aliases
T,,town,华泾镇,no,31.1,121.4,
A,T,area,关港蓝湾片区,,,,关港
N,A,neighbourhood,盛华景苑,yes,,,
G,N,grid,第一网格,,,,
B4,G,building,4号楼,,31.11,121.45,
P41,B4,point,1单元楼道,,,,
P42,B4,point,2单元楼道,,,,
S,A,block,望月路,no,,,
SG,S,grid,望月路网格,,,,
SP,SG,point,东口公示栏,,,,
""",
    "units": """code,name,kind,area,phone
ST,关港蓝湾片区民情快办工作站,station,A,021-1
PM,盛华景苑物业,property,N,
OF,镇党政办,town_office,T,
""",
    "staff": """code,name,unit,roles,places,channel
head,站长,ST,station_head,,
leader,片区党委负责人,ST,area_leader,,
fc1,首问接待甲,ST,first_contact,,
fc2,首问接待乙,ST,first_contact,,
gw1,网格员甲,ST,grid_worker,G,
gw2,网格员乙,ST,grid_worker,SG,desk_calls
pm,物业经理甲,PM,property_manager,,
pmhead,物业负责人,PM,unit_head,,
ofhead,党政办负责人,OF,unit_head;handler,,
boss,镇领导甲,OF,town_leader,,
admin1,管理员甲,OF,admin,,
""",
    "duty": """unit,role,person,start,until,weekdays,from_date,to_date,backup
ST,first_contact,fc1,08:00,20:00,,,,fc2
ST,first_contact,fc2,20:00,08:00,,,,fc1
ST,grid_worker,gw1,08:00,18:00,,,,gw2
ST,grid_worker,gw2,08:00,18:00,,,,
PM,property_manager,pm,09:00,18:00,working_days,,,
""",
    "categories": """code,parent,name,track,urgent,facility,night,sensitive,lead,lead_role,keywords
F,,公共设施,,,,,,property,property_manager,
F1,F,楼道照明,simple,no,yes,no,,,,楼道灯;感应灯
Q,,咨询,,,,,,station,first_contact,
""",
    "triage": """order,keywords,unless,inside_wall,within,category,urgent,confidential,forward_to,sure
10,楼道灯,,yes,,F1,,,,yes
5,外区,,,,,,,12345,yes
""",
    "clocks": "clock,channel,category,track,urgent,facility,amount,unit,reminders,ladder\n"
    + "".join(f"{clock},,,,,,5,minutes,,\n" for clock in CLOCKS)
    + "take,,,,yes,,15,minutes,50% handler,due backup;due+1 working_days town_leader supervise\n",
    "follow_up": "source,unit_feedback,station,attempts,days,wait_hours\n"
    + "".join(f"{source},message,call,3,2,24\n" for source in SOURCES),
    "roles": "role,quiet_from,quiet_until\ntown_leader,22:00,07:00\n",
    "emergency": "code,name,number\ngas,燃气抢修,962777\n",
    "danger": "code,kind,name,category,sure,words,unless\nlift,被困,,,是,电梯…困/关在,演练\nfire,fire,,,,冒烟,烧烤\n",
    "concerns": "code,kind,name,party,words,unless\np1,称呼,物业,物业,物业,\nm1,失德,辱骂,,骂我/骂人,没骂\n",
    "calendar": "day,value,note\nopens,09:00,\n2026-11-28,working,周六上班\n",
}


def small_files(**texts: str) -> dict[str, bytes]:
    """The small town's files; a keyword replaces a file's text."""
    assert set(SMALL) == set(FILES)
    return {f"{name}.csv": text.encode() for name, text in (SMALL | texts).items()}


def edited(file: str, old: str, new: str) -> dict[str, bytes]:
    """The small town's files with one edit, to the first line that holds `old`."""
    assert old in SMALL[file], (file, old)
    return small_files(**{file: SMALL[file].replace(old, new, 1)})


def sample_files() -> dict[str, bytes]:
    files = {f"{name}.csv": SAMPLE / f"{name}.csv" for name in EVERY_FILE}
    return {name: file.read_bytes() for name, file in files.items() if file.exists()}


def built(files: dict[str, bytes]) -> tuple[Town, tuple[Place, ...]]:
    """The town of sound files, and its points."""
    read = read_town(files, version="v1", today=TODAY)
    assert read.town is not None, read.errors
    return read.town, read.points


def refusals(files: dict[str, bytes]) -> list[tuple[str, int, str]]:
    """Where the files are refused: file, line, column."""
    return [(error.file, error.line, error.column) for error in errors(files)]


def errors(files: dict[str, bytes]):
    return read_town(files, version="v1", today=TODAY).errors
