const TEXT = `
:host{display:contents!important}
:host([mode=inline]){display:block!important}
.root{all:initial;direction:ltr;--a:var(--pandu-accent,#0b6b57);--on:var(--pandu-on-accent,#fff);--bg:var(--pandu-background,#fff);--fg:var(--pandu-text,#17211e);--soft:var(--pandu-soft,#eef3f1);--dim:#53605b;--line:#c9d3cf;--bad:#a8201a;--gap:var(--pandu-offset,20px);font:16px/1.45 var(--pandu-font,system-ui,sans-serif);color:var(--fg);color-scheme:light}
.dark{--a:var(--pandu-accent-dark,#7fd6bf);--on:var(--pandu-on-accent-dark,#06231c);--bg:var(--pandu-background-dark,#141b19);--fg:var(--pandu-text-dark,#e9f0ed);--soft:var(--pandu-soft-dark,#222d29);--dim:#a5b4ae;--line:#3b4a45;--bad:#ff9d94;color-scheme:dark}
*{box-sizing:border-box}
[hidden]{display:none!important}
button,textarea{font:inherit;color:inherit;margin:0;min-height:44px;min-width:44px}
button{cursor:pointer;border:0;border-radius:12px;background:none;padding:0 12px}
:focus-visible{outline:3px solid var(--a);outline-offset:2px}
header :focus-visible,.launcher:focus-visible{outline-color:var(--on);outline-offset:-5px}
.icon{display:block;width:24px;fill:none;stroke:currentColor;stroke-width:2.2;stroke-linecap:round;stroke-linejoin:round;margin:auto}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.launcher,.panel{position:fixed;bottom:var(--gap);right:var(--gap);z-index:2147483000}
.left .launcher,.left .panel{right:auto;left:var(--gap)}
.launcher{width:60px;height:60px;border-radius:50%;background:var(--a);color:var(--on);box-shadow:0 4px 18px #0005}
.badge{position:absolute;top:-4px;right:-4px;min-width:24px;border-radius:12px;background:#b3261e;color:#fff;font:700 13px/24px sans-serif}
.panel,.menu{background:var(--bg);border-radius:16px;box-shadow:0 8px 30px #0004,0 0 0 1px var(--line)}
.panel{margin-bottom:72px;width:400px;height:min(680px,100vh - 116px);display:flex;flex-direction:column;overflow:hidden}
.inline .launcher,.inline .close{display:none}
.inline .panel{position:relative;inset:auto;margin:0;width:100%;height:100%;min-height:24rem;z-index:0}
header{display:flex;align-items:center;background:var(--a);color:var(--on);padding:8px 8px 8px 14px}
.face{width:40px;border-radius:50%;background:var(--on);color:var(--a);font:20px/40px sans-serif;text-align:center}
.name{flex:1;min-width:0;line-height:1.25;padding:0 12px}.name *,.card *{display:block;overflow:hidden;text-overflow:ellipsis}
.menu{position:absolute;z-index:2;top:60px;right:8px;width:240px;padding:6px}
.menu button:not(.soft){display:block;width:100%;text-align:start}.menu p{padding:10px}
button:hover{background:var(--soft)}
.status{background:var(--soft);padding:8px 14px;font-size:14px}
.log{flex:1;min-height:0;overflow:auto;overscroll-behavior:contain;overflow-anchor:none;padding:14px;display:flex;flex-direction:column;position:relative}
.log:focus-visible{outline-offset:-4px}
ol,ul{list-style:none;padding:0;margin:auto 0 0}
li{margin-bottom:10px;display:flex;flex-direction:column;align-items:flex-start}
p{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}
.bubble{max-width:88%;padding:10px 14px;border-radius:16px 16px 16px 5px;background:var(--soft)}
.mine{align-items:flex-end}.mine .bubble{background:var(--a);color:var(--on);border-radius:16px 16px 5px}
[data-state=failed] .bubble{background:none;color:inherit;box-shadow:inset 0 0 0 2px var(--bad)}
small{font-size:13px}li>small,.progress,.note{font-size:12px;color:var(--dim);padding:0 4px}
.note{font-size:14px;align-items:center}
a{color:inherit}
.card{display:block;margin-top:8px;padding:10px 12px;border-radius:12px;background:var(--bg);box-shadow:0 0 0 1px var(--line);overflow-wrap:anywhere}
.progress{display:flex;align-items:center;gap:8px;padding:0}
progress{accent-color:var(--a);flex:1;min-width:0}
figure{margin:10px 0 0}
figure li{display:grid;grid-template-columns:1fr auto;gap:2px 10px;overflow-wrap:anywhere}figure svg{grid-column:1/3;width:100%;height:8px}
figure li svg{background:var(--line)}rect,.area{fill:var(--a)}.area{fill-opacity:.4;stroke:var(--a)}.grid{fill:none;stroke:var(--dim)}figure .radar{height:auto}text{font-size:12px;text-anchor:middle;fill:var(--fg)}
.soft{box-shadow:inset 0 0 0 1px var(--line);background:var(--bg);margin:2px}
.choices{display:flex;flex-wrap:wrap;gap:8px;justify-content:flex-end}
.choice{border:1.5px solid var(--a);color:var(--a);padding:8px 14px;border-radius:22px;overflow-wrap:anywhere;max-width:100%}
.scale{display:grid;grid-auto-flow:column;grid-auto-columns:1fr;gap:5px}.scale .choice{padding:6px 0;font-size:12px;line-height:1.2;border-radius:12px;min-height:60px}
.dots{align-self:flex-start;background:var(--soft);border-radius:16px;padding:14px;display:flex;gap:5px}
.dots i{width:7px;height:7px;border-radius:50%;background:var(--dim);animation:dot 1.2s infinite}.dots i+i{animation-delay:.3s}
@keyframes dot{30%{opacity:.2}}
.newer{align-self:center;margin-top:-52px;z-index:1}
form{display:flex;gap:6px;align-items:flex-end;padding:8px;padding-bottom:max(8px,env(safe-area-inset-bottom));border-top:1px solid var(--line)}
textarea{flex:1;resize:none;border:1px solid var(--dim);border-radius:22px;background:var(--bg);padding:9px 16px;height:44px;max-height:132px}
::placeholder{color:var(--dim);opacity:1}
.send,.send:hover{background:var(--a);color:var(--on);border-radius:50%;padding:0}.more,.close,.launcher{padding:0}.more:hover,.close:hover{background:#0002}.launcher:hover{background:var(--a)}
@media(max-width:480px),(max-height:480px){.float .panel{inset:var(--top,0) 0 auto;margin:0;width:auto;height:var(--height,100dvh);border-radius:0}.float.open .launcher{display:none}}
@media(prefers-reduced-motion:reduce){*{animation:none!important}}
@media(forced-colors:active){.bubble,.panel,.launcher,.send,.card,figure li svg{border:1px solid}rect,.area{fill:Highlight}}`;

let sheet;
export function dress(root) {
  try {
    if (!sheet) (sheet = new CSSStyleSheet()).replaceSync(TEXT);
    root.adoptedStyleSheets = [sheet];
  } catch {
    root.append(Object.assign(document.createElement('style'), { textContent: TEXT }));
  }
}
