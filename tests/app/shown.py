"""What a page shows as a person reads it: without the marks that keep names from being Markdown."""

from tests.app.payloads import summary


def words(app):
    """Return all sentences of a page."""
    parts = [*app.markdown, *app.caption, *app.info, *app.warning, *app.success, *app.error]
    line = [summary(app).get(name, "") for name in ("verdict", "count", "facts", "note")]
    return " ".join([*(part.value for part in parts), *line]).replace("\\", "")


def labels(app):
    """Return what stands on the buttons."""
    return [one.label.replace("\\", "") for one in app.button]


def button(app, label):
    """Return the first button whose label begins so."""
    return next(one for one in app.button if one.label.replace("\\", "").startswith(label))


def model_box(app):
    """Return the box in which a model is chosen."""
    return next(one for one in app.selectbox if one.label == "Model")
