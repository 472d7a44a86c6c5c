// What cards of pictures are made of. Texts go in as textContent and attributes, never as HTML.
function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function picture(url, alt) {
  if (!url) return element("div", "lost", "no thumbnail");
  const image = element("img");
  image.loading = "lazy";
  image.decoding = "async";
  image.alt = alt;
  image.src = url;
  return image;
}

