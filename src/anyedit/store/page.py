"""The frame of the report's page: one HTML file, its style inside, nothing loaded from anywhere."""

from __future__ import annotations

from html import escape

STYLE = """
:root{color-scheme:light dark;--bg:#f6f7f9;--card:#fff;--ink:#1b1f27;--soft:#626b7a;--line:#e3e6eb;--accent:#4357d6;
--good:#1d8a5c;--bad:#c6413b;--asked:#dfe3ee;--local:#4357d6;--global:#0d8f8a;--camera:#b8630d;--implicit:#9a3fb5;
--visual:#c43a6b;--other:#6b7280;--radius:14px;--shadow:0 1px 2px #10182810,0 4px 16px #1018280a}
@media(prefers-color-scheme:dark){:root{--bg:#101318;--card:#181c23;--ink:#e8ebf0;--soft:#98a2b3;--line:#2a303a;
--accent:#8b9bff;--good:#4cc38a;--bad:#ff7a70;--asked:#2c3442;--local:#8b9bff;--global:#4ecdc4;--camera:#f0a04b;
--implicit:#d48bea;--visual:#ff86ac;--other:#9aa3b2;--shadow:none}}
*{box-sizing:border-box}html{scroll-behavior:smooth;scroll-padding-top:64px}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;
font-variant-numeric:tabular-nums}
main{max-width:1440px;margin:0 auto;padding:0 28px 80px}
header{max-width:1440px;margin:0 auto;padding:44px 28px 8px}h1{font-size:34px;letter-spacing:-.02em;margin:0}
h2{font-size:23px;letter-spacing:-.01em;margin:52px 0 6px}h3{font-size:15px;margin:0 0 12px}
p{margin:4px 0 14px;color:var(--soft);max-width:78ch}code{font:13px ui-monospace,Menlo,monospace}
nav{position:sticky;top:0;z-index:2;background:color-mix(in srgb,var(--bg) 88%,transparent);
backdrop-filter:blur(10px);border-bottom:1px solid var(--line)}
nav div{max-width:1440px;margin:0 auto;padding:11px 28px;display:flex;flex-wrap:wrap;gap:4px 18px}
nav a{color:var(--soft);text-decoration:none;font-size:14px}nav a:hover{color:var(--accent)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(132px,1fr));gap:14px;margin:22px 0}
.tile,.panel{background:var(--card);border:1px solid var(--line);border-radius:var(--radius);box-shadow:var(--shadow)}
.tile{padding:15px 18px}.tile b{display:block;font-size:25px;overflow-wrap:anywhere;line-height:1.2;letter-spacing:-.02em}
.tile span{display:block;color:var(--soft);font-size:13px;line-height:1.35}.panel{padding:18px 20px;overflow-x:auto;
background:linear-gradient(to right,var(--card) 40%,transparent) left/40px 100% local no-repeat,
linear-gradient(to left,var(--card) 40%,transparent) right/40px 100% local no-repeat,
linear-gradient(to right,#0002,transparent) left/14px 100% no-repeat,
linear-gradient(to left,#0002,transparent) right/14px 100% no-repeat,var(--card)}
.panels{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,400px),1fr));gap:16px;align-items:start}
table{border-collapse:collapse;width:100%;font-size:13.5px}
th{text-align:left;color:var(--soft);font-weight:500;padding:6px 10px;border-bottom:1px solid var(--line);
white-space:nowrap}
td{padding:6px 10px;border-bottom:1px solid var(--line);white-space:nowrap}tr:last-child td{border:0}
td.n,th.n{text-align:right}td.why{white-space:normal;color:var(--soft);min-width:190px}td a{color:inherit}
td small,th small{color:var(--soft);font-size:12px}tr.all td{font-weight:600}
.fill{display:inline-block;width:100%;min-width:74px;border-radius:6px;padding:2px 8px;text-align:right}
.dot{display:inline-block;width:9px;height:9px;border-radius:50%;margin-right:8px;background:var(--g,var(--other))}
.bars{display:grid;gap:6px}.bar{display:grid;grid-template-columns:minmax(90px,170px) 1fr 76px;gap:12px;align-items:center;
font-size:13px}.bar>span:last-child{color:var(--soft);text-align:right;white-space:nowrap}
.bar>span:first-child{overflow-wrap:anywhere;line-height:1.25}
.track{position:relative;height:12px}.track b{position:absolute;inset:0 auto 0 0;border-radius:4px;background:var(--accent)}
.track u{position:absolute;inset:-3px auto;width:3px;margin-left:-1px;border-radius:2px;background:var(--ink);box-shadow:0 0 0 1px var(--card)}
.swatch{display:inline-block;width:12px;height:12px;border-radius:3px;margin-right:8px;vertical-align:-1px;
box-shadow:inset 0 0 0 1px #8885}
svg text{fill:var(--soft);font-size:11.5px;text-anchor:middle}svg rect{fill:var(--accent)}svg line{stroke:var(--line)}svg .move{stroke:var(--accent);stroke-width:2;opacity:.35}
svg circle{fill:var(--accent);stroke:var(--accent);stroke-width:2}svg .before{fill:var(--card)}
svg.plot{width:100%;max-width:620px;height:auto}svg .up{text-anchor:start}svg .row{text-anchor:end}svg .none{fill:var(--asked);fill-opacity:.55}
.type{margin-top:44px}.type>div:first-child{display:flex;flex-wrap:wrap;align-items:baseline;gap:6px 12px;margin-bottom:12px}
.type h2{margin:0;font-size:20px}.badge{font-size:12px;border-radius:99px;padding:2px 10px;color:var(--g,var(--other));
background:color-mix(in srgb,var(--g,var(--other)) 13%,transparent)}.quiet{color:var(--soft);font-size:13px}
.index{display:flex;flex-wrap:wrap;gap:6px}.index a{text-decoration:none}.index a:hover{text-decoration:underline}
.cards{display:grid;gap:16px;grid-template-columns:repeat(auto-fill,minmax(min(100%,400px),1fr))}
.card{background:var(--card);border:1px solid var(--line);border-radius:var(--radius);padding:14px;margin:0;
box-shadow:var(--shadow);display:flex;flex-direction:column;gap:10px}
.card h3{font-size:15.5px;line-height:1.35;margin:0;font-weight:600;overflow-wrap:anywhere}
.two{display:grid;grid-template-columns:1fr 1fr;gap:8px}.small{display:grid;grid-template-columns:repeat(4,1fr);gap:8px}
figure{margin:0;min-width:0}figure img,figure .gone{display:block;width:100%;aspect-ratio:1;object-fit:contain;
background:color-mix(in srgb,var(--ink) 5%,var(--card));border-radius:8px}
figure .gone{display:grid;place-items:center;color:var(--soft);font-size:12px;text-align:center;padding:8px;
border:1px dashed var(--line);background:none}
figcaption{font-size:11.5px;color:var(--soft);margin-top:3px}
.chips{display:flex;flex-wrap:wrap;gap:5px;margin-top:auto}
.chip{font-size:11.5px;line-height:1.4;border:1px solid var(--line);border-radius:99px;padding:1px 9px;color:var(--soft);
white-space:nowrap}.chip b{color:var(--ink);font-weight:600}.chip:before{content:"";display:inline-block;width:6px;
height:6px;border-radius:50%;margin:0 6px 1px 0;background:var(--other);opacity:.5}
.chip.good:before{background:var(--good);opacity:1}.chip.bad:before{background:var(--bad);opacity:1}
.chip.bad{border-color:color-mix(in srgb,var(--bad) 45%,transparent)}
details{margin-top:16px}summary{cursor:pointer;color:var(--soft);font-size:13.5px;margin-bottom:12px}
.no{grid-template-columns:repeat(auto-fill,minmax(min(100%,270px),1fr))}.no .card{background:none;box-shadow:none;
padding:12px;gap:8px}.no h3{font-size:13.5px;font-weight:500}.why{font-size:12.5px;overflow-wrap:anywhere}
.why b{color:var(--bad)}pre{margin:0;font:12.5px/1.5 ui-monospace,Menlo,monospace;white-space:pre-wrap}
@media(max-width:560px){main,header{padding-left:16px;padding-right:16px}nav div{padding:11px 16px}h1{font-size:27px}
.bar{grid-template-columns:100px 1fr 64px;gap:8px}}
@media print{nav{display:none}.card,.panel{break-inside:avoid}}
"""


def page(title: str, links: list[tuple[str, str]], head: str, body: str) -> str:
    """The whole HTML page; `links` are (anchor, label) of the bar that stays on top."""
    bar = "".join(f'<a href="#{escape(anchor)}">{escape(label)}</a>' for anchor, label in links)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>"
        f"<body><header>{head}</header><nav><div>{bar}</div></nav><main>{body}</main></body></html>\n"
    )


def tiles(numbers: list[tuple[str, str]]) -> str:
    """Large figures with a word below each: (figure, word)."""
    shown = "".join(f'<div class="tile"><b>{escape(f)}</b><span>{escape(w)}</span></div>' for f, w in numbers)
    return f'<div class="tiles">{shown}</div>'


def panel(title: str, content: str) -> str:
    """A titled box; nothing when there is no content."""
    return f'<div class="panel"><h3>{escape(title)}</h3>{content}</div>' if content else ""
