// On a phone Streamlit's navigation puts groups into its list that are no list items, and list items
// into those groups. Without these roles a screen reader counts a list that is none.
new MutationObserver(() => {
  const items = '[data-testid="stSidebarNavItems"]';
  for (const part of document.querySelectorAll(`${items}:not([role]), ${items} li:not([role])`)) {
    part.setAttribute("role", part.matches("li") ? "none" : "group");
  }
}).observe(document, { childList: true, subtree: true });
