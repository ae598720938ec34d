// Streamlit's own words in Chinese: it has no setting for them. One table (words.json) for what is
// seen and heard; a text that is not in it stays as it is.
const WORDS = new Map(Object.entries(__WORDS__.exact));
const PATTERNS = __WORDS__.patterns.map(([pattern, text]) => [new RegExp(pattern), text]);
const HEARD = ["aria-label", "title", "placeholder", "alt"];
const ENGLISH = /[A-Za-z]{3}/;

function translated(text) {
  const core = text.trim();
  if (!ENGLISH.test(core)) return null;
  if (WORDS.has(core)) return text.replace(core, WORDS.get(core));
  const match = PATTERNS.find(([pattern]) => pattern.test(core));
  return match ? core.replace(match[0], match[1]) : null;
}

// What the office wrote (figures, texts of tasks, help) is never touched.
const OURS = ".stMarkdown, .stHtml, .stTable, script, style, input, textarea, [data-testid=stIconMaterial]";

function translateText(node) {
  const text = node.parentElement?.closest(OURS) ? null : translated(node.data);
  if (text !== null && text !== node.data) node.data = text;
}

function translateAttributes(element) {
  for (const name of HEARD) {
    const value = element.getAttribute(name);
    const text = value && translated(value);
    if (text !== null && text !== value && value) element.setAttribute(name, text);
  }
}

function translateTree(root) {
  if (root.nodeType === Node.TEXT_NODE) return translateText(root);
  if (root.nodeType !== Node.ELEMENT_NODE) return;
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = root; node; node = walker.nextNode()) {
    if (node.nodeType === Node.TEXT_NODE) translateText(node);
    else translateAttributes(node);
  }
}

new MutationObserver((changes) => {
  for (const change of changes) {
    if (change.type === "childList") change.addedNodes.forEach(translateTree);
    else if (change.type === "characterData") translateText(change.target);
    else translateAttributes(change.target);
  }
}).observe(document, {
  subtree: true,
  childList: true,
  characterData: true,
  attributes: true,
  attributeFilter: HEARD,
});
