"""Charts, tables and bars, drawn from values.

==============  ====================================================================================
module          owns
==============  ====================================================================================
category_needs  what a view needs of categories, said where a collection lacks it
charts          charts with a title, units and a table to take away
data_table      tables on the screen, which the browser can save
field_focus     a field that has the focus as soon as it is shown
folders_choice  which folders are the categories, and what they are called
odd_names       names of categories that do not say what is shown
one_stop        the script that makes buttons in a row one stop of the Tab key
one_view        the place of a view among several
picture_cards   the script by which components draw cards of pictures
signed_bars     rows with a bar above or below zero
view_choice     the views of a page, of which one is chosen
==============  ====================================================================================
"""
