"""Archives that WinRAR itself packed, from the test files of rarfile (Marko Kreen, ISC licence): no other program may
write them. Text files of a few bytes, compressed.
"""

from __future__ import annotations

import base64
from typing import Final

SOLID5: Final = base64.b85decode(
    b"Qeko-8V3OY3Gc{n3jqZO1O@>CfPjDi-"
    b"t};D90CHm00e*#wu1tq=C{Rw8vzP)bY*jNF)nm?biu4QL_{O{Bleg5VpCDROp$>>0*t`}d0f9oqpB^SHj~|;SO7o*0Mt+fcJ{=7G"
    b"U}f)rNqqFgWmuU=q-sH0s@Ty1b`5>g94)Fx5dC40Sa?;Wpi{gE_8TwMHLEQ0RRXC-?#hr{2g~zQ3C}800"
)
"""RAR 5, solid: stest1.txt and stest2.txt, 2,048 bytes each."""
FOLDERS5: Final = base64.b85decode(
    b"Qeko-8V3OY^WlQ)3jqZO00sd8fPjDi_nDK2FaiS$i2wwN0HlHfb|Q^|fB*p!a&KQ`X>u=eZ(n9<Y-"
    b"KKVcytN_6K>TVUxFo~5^`l>WN&V4c?x?H;E^H%0}B8J0PTVS00000fB*poa&KQ`X>tk!6K>TVUwTZI6CHO}Q3C}800"
)
"""RAR 5 of a Unix: ro_dir/ro_file.txt of 9 bytes, and its folder."""
LINKS5: Final = base64.b85decode(
    b"Qeko-"
    b"8V3OY^WlQ)3jqZO00sd8fPjDiVI1|gAOZrn00w{%w1WbjjPy;S=C{Rw0|5$ibY*jNF)nm?bi}GOL^LG&GV4eB#7%v@<^_O)3XH)6"
    b"DwWD2n@}2)-"
    b"9Y>RKmq{NU<5Yp75TSRgDPZB&3qr=x7ibPFaiS)fB*)75VV5=os9HN00000fB*psb97~MbTTe<cyta01ON(ibY*jNF)nm?bn)VJ5"
    b"ikM+4}bs$fDp8U0-cQXO#lD@0Du4i3UhR2b96H<ba-?Q1q1*Jb97~MbTKY;cyt|iR#5{51ON"
)
"""RAR 5: stest1.txt, and two hard links to it."""
FOLDERS4: Final = base64.b85decode(
    b"Qeko-8V3N+kaGY44FCWD00000wdZsokT(Dc0000900002b|Q^|b+P(T9WW9AApigXa&KQ`X>we0Z(n9<Y-"
    b"KKVcys`;ld~^!WnpA*Zfto9aYuCEkShQH000000000200000b+P(T6fgz=5dZ)Ha&KQ`X>tItnj|vBJ$nE^2LJ"
)
"""RAR 4: ro_dir/ro_file.txt of 9 bytes, and its folder."""
SOLID4: Final = base64.b85decode(
    b"Qeko-"
    b"8V3M7&~pd?4FCWD00000D>QU~kSqXP000002mk;BqUN{7ux89Y9Wx35q=5hcb97~MbTKY;cys{35e&@!jGnOmF@dYBvAaNbs0w7("
    b"OE-hT2fP8`g_7?3wjBTnAOHx6>39s%3<qI4L3m5EZl6*L+R7(Dy5|dIiehp5xB!u!P%qe3|N6#Q>+8hVh<;R-"
    b"haXMs*%ow=kSqWW000002mk;BqUN{7ux89Y9Wx35q=5hcb97~MbTTe<cys{3u^<452kY_*Y5M$>-q6H7djLQO00"
)
"""RAR 4, solid, which libarchive cannot read."""
LOCKED4: Final = base64.b85decode(
    b"Qeko-"
    b"8V3N+kaGY44FCWD00000(wTYyfFl4F0000B00003yin|Q000009Ww&}00000Lrqi+0E_I)_Ey12DUSf<zvln&&}(XTdTrKpB$P7%"
    b"5C8xG000000{{R30BlfVJsmR%0HlEc0A^`yWic*vcyzN4F98rAWxW8v;qcxkF`am9ZB1%z7l0h6L793GfFl4F0000B00003NI!27"
    b"000009Ww&}0001hLrqi+0E_I)_BN1KEO-wlZ_WSg)QgwGy%fB3B$P7%5C8xG000000{{R30BlfVJsmR%0HlEc0A^`yWil>wcyzN4"
    b"F98rAWxW8v;qcxkF`am9ZB1%z7l0h6e4u&|fFl4F0000B00003rjXhK000009Ww&}0001hLrqi=5X<a|<a0qtu+P~i7vlcwfsa=z"
    b"^u#@T06+%-"
)
"""RAR 4, its members encrypted."""
HIDDEN4: Final = base64.b85decode(
    b"Qeko-8V3N*nR9>u4FCWD00000nAJMDo4|y6)&ag$Bya<Ib0H}yK$oHyHFBE8@IA*sE@29}_Ay(9f~4>Kvpyu{l91woCe`-"
    b"BWI^sO`-"
    b"+2)LM|ezP+d%15OU@FnLl?8TIotU*zXA&nAJMDo4|y6;FG4{1{hg^7bFiz7(^yk&27k+S^3IOmHq66LE!&^6$;St^%aO}g9<bb-"
    b"~Mr1X$E9-"
    b"jKAph;#qFK7LA>{cT$1XHG6^mGBELUUY#hdnAJMDo4|y6bd0>z)iu;V<W3eHVIL;b^fcejh&B|_3|qPPRW{<J(OSu<cqG$Tv)jto"
    b"bV6dkDLdYp6tsK4f)99M@e!deS&jn?s>y=P(pe$V4JT8{nAJMDo4|y6AxX>fq<_kx?pj(Fqn)`~xTtqgcZ6b*K~0n67TplUO!t`;"
    b"2r<6bn&Yiu+8|j@$2lmI!8jxj<$~Q&s6FG&cT$1XHG6^mGBELUUY#hdnAJMDo4|y6{wwD`>>3Z!S|Rl`;w=Tk1k@&27%3FVFm23P"
    b"J><*o=^3FSv~x5b`GY1;4bx3#XTJuq<;Ak>bbUlFs`4pt@6a929XI?Cp|a%EMh?pynAJMDo4|y6E}qVXXV~<G=G|)CWcIdv"
)
"""RAR 4, its headers encrypted."""
