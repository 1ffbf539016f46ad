"""Which texts name a colour: the ones that Matplotlib, CSS and people agree on."""

import re

__all__ = ["CSS_NAMES", "is_color"]

#: CSS Color Module Level 4, section 6.1.
CSS_NAMES = frozenset(
    """
    aliceblue antiquewhite aqua aquamarine azure beige bisque black blanchedalmond blue
    blueviolet brown burlywood cadetblue chartreuse chocolate coral cornflowerblue cornsilk
    crimson cyan darkblue darkcyan darkgoldenrod darkgray darkgreen darkgrey darkkhaki
    darkmagenta darkolivegreen darkorange darkorchid darkred darksalmon darkseagreen
    darkslateblue darkslategray darkslategrey darkturquoise darkviolet deeppink deepskyblue
    dimgray dimgrey dodgerblue firebrick floralwhite forestgreen fuchsia gainsboro ghostwhite
    gold goldenrod gray green greenyellow grey honeydew hotpink indianred indigo ivory khaki
    lavender lavenderblush lawngreen lemonchiffon lightblue lightcoral lightcyan
    lightgoldenrodyellow lightgray lightgreen lightgrey lightpink lightsalmon lightseagreen
    lightskyblue lightslategray lightslategrey lightsteelblue lightyellow lime limegreen linen
    magenta maroon mediumaquamarine mediumblue mediumorchid mediumpurple mediumseagreen
    mediumslateblue mediumspringgreen mediumturquoise mediumvioletred midnightblue mintcream
    mistyrose moccasin navajowhite navy oldlace olive olivedrab orange orangered orchid
    palegoldenrod palegreen paleturquoise palevioletred papayawhip peachpuff peru pink plum
    powderblue purple rebeccapurple red rosybrown royalblue saddlebrown salmon sandybrown
    seagreen seashell sienna silver skyblue slateblue slategray slategrey snow springgreen
    steelblue tan teal thistle tomato turquoise violet wheat white whitesmoke yellow yellowgreen
    """.split()  # noqa: SIM905 -- one column of 148 quoted names would be harder to read
)

_TABLEAU = frozenset(
    "blue orange green red purple brown pink gray grey olive cyan".split()  # noqa: SIM905 -- as above
)

#: #RGB, #RGBA, #RRGGBB, #RRGGBBAA; a letter; a place in the palette; a grey from black to white.
_FORMS = re.compile(
    r"#([0-9A-Fa-f]{3,4}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})"
    r"|[bgrcmykw]"
    r"|C[0-9]{1,2}"
    r"|0?\.[0-9]{1,16}|[01](\.0{0,16})?"
)


def is_color(text: str) -> bool:
    """Tell whether a chart can be drawn in the colour that `text` names.

    That is #RGB, #RGBA, #RRGGBB, #RRGGBBAA, a CSS name, `tab:` and a Tableau name (both in any
    case), one of the letters bgrcmykw, C0 to C99, a grey level from 0 to 1, or `none`.
    """
    if _FORMS.fullmatch(text):
        return True
    name = text.lower()
    return name in CSS_NAMES or name == "none" or name.removeprefix("tab:") in _tableau(name)


def _tableau(name: str) -> frozenset[str]:
    return _TABLEAU if name.startswith("tab:") else frozenset()
