// How it looks. Everything a site may change is a variable (--pandu-...) or a part. No style of the page reaches in: all: initial.
const TEXT = `
:host{display:contents!important}
:host([mode=inline]){display:block!important;block-size:100%;min-block-size:24rem}
.root{all:initial;direction:ltr;--a:var(--pandu-accent,#0b6b57);--on:var(--pandu-on-accent,#fff);--bg:var(--pandu-background,#fff);--fg:var(--pandu-text,#17211e);
--soft:var(--pandu-soft,#eef3f1);--dim:#53605b;--line:#c9d3cf;--bad:#a8201a;font:400 16px/1.45 var(--pandu-font,system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif);color:var(--fg);color-scheme:light}
.root.dark{--a:var(--pandu-accent-dark,#7fd6bf);--on:var(--pandu-on-accent-dark,#06231c);--bg:var(--pandu-background-dark,#141b19);--fg:var(--pandu-text-dark,#e9f0ed);--soft:var(--pandu-soft-dark,#222d29);--dim:#a5b4ae;--line:#3b4a45;--bad:#ff9d94;color-scheme:dark}
*,*::before{box-sizing:border-box}
[hidden]{display:none!important}
button,textarea{font:inherit;color:inherit;margin:0}
button{cursor:pointer;min-block-size:44px;min-inline-size:44px;border:0;border-radius:12px;background:none;padding:0 12px}
:focus-visible{outline:3px solid var(--a);outline-offset:2px}
header :focus-visible,.launcher:focus-visible{outline-color:var(--on);outline-offset:-5px}
.icon{display:block;fill:none;stroke:currentColor;stroke-width:2.2;stroke-linecap:round;stroke-linejoin:round;margin:auto}
.hidden{position:absolute;inline-size:1px;block-size:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.launcher{position:fixed;inset-block-end:var(--pandu-offset,20px);inset-inline-end:var(--pandu-offset,20px);inline-size:60px;block-size:60px;border-radius:50%;background:var(--a);color:var(--on);box-shadow:0 4px 18px #0005;z-index:2147483000;padding:0}
.left .launcher,.left .panel{inset-inline:var(--pandu-offset,20px) auto}
.badge{position:absolute;inset:-4px -4px auto auto;min-inline-size:24px;block-size:24px;border-radius:12px;background:#b3261e;color:#fff;font-size:13px;font-weight:700;line-height:24px;padding:0 6px}
.panel{position:fixed;inset-block-end:calc(var(--pandu-offset,20px) + 72px);inset-inline-end:var(--pandu-offset,20px);inline-size:400px;block-size:min(680px,100vh - 116px);display:flex;flex-direction:column;background:var(--bg);color:var(--fg);border-radius:18px;box-shadow:0 12px 48px #0004,0 0 0 1px var(--line);overflow:hidden;z-index:2147483001;animation:in .18s}
.inline .panel{position:relative;inset:auto;inline-size:100%;block-size:100%;min-block-size:24rem;box-shadow:0 0 0 1px var(--line);animation:none;z-index:0}
@keyframes in{from{opacity:0;transform:translateY(12px)}}
header{display:flex;align-items:center;gap:4px;background:var(--a);color:var(--on);padding:8px 8px 8px 14px}
.face{inline-size:40px;block-size:40px;border-radius:50%;background:var(--on);color:var(--a);font-weight:800;font-size:20px;line-height:40px;text-align:center;margin-inline-end:8px}
.name{flex:1;min-inline-size:0;line-height:1.25}.name *{display:block;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.menu{position:absolute;z-index:2;inset:60px 8px auto auto;background:var(--bg);border-radius:14px;box-shadow:0 8px 30px #0004,0 0 0 1px var(--line);padding:6px;max-inline-size:300px;min-inline-size:220px}
.menu>button{display:block;inline-size:100%;text-align:start}.menu p{margin:10px 12px}
.menu button:hover,.soft:hover{background:var(--soft)}
.status{background:var(--soft);padding:8px 14px;font-size:14px}
.log{flex:1;min-block-size:0;overflow:auto;overscroll-behavior:contain;padding:14px;display:flex;flex-direction:column}
.log:focus-visible{outline-offset:-4px}
.list{list-style:none;margin:auto 0 0;padding:0}
li{margin:0 0 10px;display:flex;flex-direction:column;align-items:flex-start}
p{margin:0;white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:plaintext}
.bubble{max-inline-size:88%;padding:10px 14px;border-radius:16px 16px 16px 5px;background:var(--soft);unicode-bidi:isolate}
.mine{align-items:flex-end}.mine .bubble{background:var(--a);color:var(--on);border-radius:16px 16px 5px}
.human .bubble{box-shadow:inset 3px 0 var(--a)}
.mine[data-state=failed] .bubble{background:none;color:inherit;box-shadow:inset 0 0 0 2px var(--bad)}
li>small,.progress small{font-size:12px;color:var(--dim);margin:2px 4px 0}
[data-state=failed]>small{color:var(--bad)}
.note{align-items:center;text-align:center;color:var(--dim);font-size:14px}
a{color:inherit;text-underline-offset:3px}
.card{display:block;margin-block-start:8px;padding:10px 12px;border-radius:12px;background:var(--bg);box-shadow:0 0 0 1px var(--line);overflow-wrap:anywhere;min-block-size:44px}
.card *{display:block}.card b{color:var(--a)}
.progress{display:flex;align-items:center;gap:8px;margin-block-end:6px}
progress{appearance:none;flex:1;block-size:6px;border:0;border-radius:3px;overflow:hidden;background:var(--line)}
progress::-webkit-progress-bar{background:var(--line)}progress::-webkit-progress-value{background:var(--a)}progress::-moz-progress-bar{background:var(--a)}
figure{margin:10px 0 0}figure ul{list-style:none;margin:0;padding:0}
figure li{display:grid;grid-template-columns:1fr auto;gap:2px 10px;align-items:end;overflow-wrap:anywhere}figure svg{grid-column:1/-1;inline-size:100%;block-size:8px}
.rail{fill:var(--line)}.bar{fill:var(--a)}
.row{display:flex;gap:6px;flex-wrap:wrap}
.soft{box-shadow:inset 0 0 0 1px var(--line);background:var(--bg)}
.choices{display:flex;flex-wrap:wrap;gap:8px;margin-block:4px 2px;justify-content:flex-end}
.choice{border:1.5px solid var(--a);color:var(--a);background:var(--bg);padding:8px 14px;border-radius:22px;text-align:start;overflow-wrap:anywhere;max-inline-size:100%}
.choice:hover{background:var(--a);color:var(--on)}
.scale{display:grid;grid-auto-flow:column;grid-auto-columns:1fr;gap:5px}.scale .choice{padding:6px 3px;font-size:13px;line-height:1.2;text-align:center;border-radius:12px;min-block-size:60px}
.dots{align-self:flex-start;background:var(--soft);border-radius:16px;padding:14px;display:flex;gap:5px}
.dots i{inline-size:7px;block-size:7px;border-radius:50%;background:var(--dim);animation:dot 1.2s infinite}.dots i+i{animation-delay:.2s}.dots i+i+i{animation-delay:.4s}
@keyframes dot{30%{opacity:.25}}
.newer{align-self:center;margin:-52px 0 8px;box-shadow:0 2px 10px #0004;z-index:1}
.form{display:flex;gap:6px;align-items:flex-end;padding:8px 8px calc(8px + env(safe-area-inset-bottom));border-block-start:1px solid var(--line)}
textarea{flex:1;min-inline-size:0;resize:none;border:1px solid var(--dim);border-radius:22px;background:var(--bg);padding:9px 16px;min-block-size:44px;block-size:44px;max-block-size:132px;font-size:16px}
textarea::placeholder{color:var(--dim);opacity:1}
.send{background:var(--a);color:var(--on);border-radius:50%;padding:0}.more,.close{padding:0}
@media(max-width:480px),(max-height:480px){.float .panel{inset:var(--top,0) 0 auto;inline-size:auto;block-size:var(--height,100dvh);border-radius:0}.float.open .launcher{display:none}}
@media(prefers-reduced-motion:reduce){*{animation:none!important}}
@media(forced-colors:active){.bubble,.panel,.launcher,.send,.card{border:1px solid}.bar{fill:Highlight}.rail{fill:Canvas;stroke:CanvasText}}
@media print{.launcher,.form,.choices{display:none}}`;

/** Constructable, so that a page's policy needs no inline styles; one sheet for every widget of the page. */
let sheet;
export function dress(root) {
  try {
    if (!sheet) (sheet = new CSSStyleSheet()).replaceSync(TEXT);
    root.adoptedStyleSheets = [sheet];
  } catch {
    root.append(Object.assign(document.createElement('style'), { textContent: TEXT }));
  }
}
