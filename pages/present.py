"""汇报模式: the meeting's slides on the whole screen."""

from lib.ui import full_screen
from lib.ui.kit import data, navigation, slide_deck

material = data.material(navigation.view())
full_screen.show_slides(material, slide_deck.slides(material))
