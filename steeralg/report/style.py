"""The style of the page: one column of serif type, light or dark as the reader likes it, and for paper.

Above: the page. Below: nothing. Colours have a contrast of 7 : 1 or more in both schemes.
"""

STYLE = """
:root{--paper:#fffefb;--ink:#1c1b19;--soft:#55514a;--faint:#d9d5cb;--tint:#f5f2ea;--link:#1d4f8c;
  --blue:#0072b2;--red:#c04d00;--green:#007a59;--pink:#b0568a;--gold:#a86e00;--sky:#2f8fc4}
@media (prefers-color-scheme:dark){:root{--paper:#16171a;--ink:#e9e6df;--soft:#b9b4a9;--faint:#3e3f44;--tint:#202226;
  --link:#9cc4f2;--blue:#5db7ee;--red:#ff8a47;--green:#3fc79a;--pink:#e39ac6;--gold:#f0b53c;--sky:#8fd0f5}}
*{box-sizing:border-box}
html{font-size:106%;background:var(--paper);color:var(--ink);-webkit-text-size-adjust:100%}
body{margin:0;font-family:"STIX Two Text","Libertinus Serif",Charter,"Bitstream Charter",Cambria,Georgia,serif;
  line-height:1.55;font-variant-numeric:lining-nums}
main{max-width:48rem;margin:0 auto;padding:3rem 1.25rem 5rem}
h1,h2,h3{line-height:1.25;font-weight:600;text-wrap:balance}
h1{font-size:1.9rem;margin:0 0 1.2rem;overflow-wrap:anywhere}
h2{font-size:1.25rem;margin:3rem 0 .8rem;padding-bottom:.3rem;border-bottom:1px solid var(--faint)}
h3{font-size:1.15rem;margin:2.2rem 0 .2rem}
h3+p{margin-top:0;color:var(--soft)}
p,li,dd{overflow-wrap:anywhere}
math{font-family:"STIX Two Math","Libertinus Math","Latin Modern Math","Cambria Math","DejaVu Math TeX Gyre",math}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1.2rem;margin:0}
dt{color:var(--soft)}dd{margin:0}
ol,ul{padding-left:1.7rem}
li{margin:.35rem 0}
ol{list-style:none;counter-reset:s;padding-left:2.6rem}
ol>li{counter-increment:s;position:relative}
ol>li::before{content:"(" counter(s,lower-roman) ")";position:absolute;right:calc(100% + .6rem);
  color:var(--soft);font-style:normal;white-space:nowrap}
.theorem{background:var(--tint);border-left:3px solid var(--link);padding:.5rem 1.2rem;font-style:italic}
.theorem ol{padding-left:2.4rem}
.theorem math{font-style:normal}
.wide{overflow-x:auto;margin:.8rem 0 1.2rem;width:fit-content;min-width:100%;max-width:min(66rem,100vw - 3.5rem);
  position:relative;left:50%;transform:translateX(-50%);border:1px solid var(--faint);border-radius:3px}
table{border-collapse:collapse;width:100%}
caption{text-align:left;color:var(--soft);font-size:.92rem;padding:.5rem .8rem}
caption span{display:inline-block;position:sticky;left:.8rem;max-width:calc(100vw - 4rem)}
th,td{padding:.45rem .8rem;text-align:center;border-top:1px solid var(--faint);white-space:nowrap}
th{font-weight:400;color:var(--soft);font-size:.92rem}
tbody th{text-align:right;position:sticky;left:0;background:var(--paper);border-right:1px solid var(--faint)}
ul.matrices{margin:.8rem 0 1.2rem}
ul.matrices li{max-width:100%;overflow-x:auto;overflow-y:hidden;padding:.2rem 0}
code,pre{font-family:"JetBrains Mono","DejaVu Sans Mono",Consolas,Menlo,monospace;font-size:.82rem}
pre{overflow-x:auto;background:var(--tint);padding:.7rem .9rem;border-radius:3px;margin:.4rem 0 1rem}
p>code{overflow-wrap:anywhere}
.exact{background:var(--tint);padding:.5rem .9rem;border-radius:3px;line-height:1.4;max-height:24rem;overflow-y:auto}
details{margin:.6rem 0}
summary{cursor:pointer;color:var(--link);padding:.15rem 0}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}
figure{margin:1.4rem 0 2.2rem}
.picture{overflow-x:auto;margin:0 calc((100% - min(66rem,100vw - 2.5rem))/2)}
figure svg{display:block;width:100%;height:auto;margin:0 auto;fill:var(--ink);
  stroke-linejoin:round;stroke-linecap:butt}
figcaption{color:var(--soft);font-size:.92rem;margin:.6rem 0 0}
.whole{white-space:nowrap}
@media (max-width:40rem){main{padding:1.5rem 1rem 3rem}dl{display:block}dd{margin:0 0 .5rem}
  .theorem{padding:.3rem .8rem}h2{margin-top:2.2rem}}
@media print{:root{--paper:#fff;--ink:#000;--soft:#333;--faint:#bbb;--tint:#fff;--link:#000}
  html{font-size:10pt}main{max-width:none;padding:0}.wide{position:static;transform:none;max-width:none}
  .wide,.picture,ul.matrices li,pre{overflow:visible}
  pre{white-space:pre-wrap;overflow-wrap:anywhere}.exact{max-height:none}
  h2,h3,caption{break-after:avoid}figure,tr{break-inside:avoid}.theorem{border:1px solid #000}
  tbody th,caption span{position:static}
  details::details-content{content-visibility:visible;block-size:auto}}
"""
