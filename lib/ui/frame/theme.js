// The system has turned dark, or light, under an open page: Streamlit's own parts follow at once; charts
// and lists are drawn on the server in the colours of the theme, and anew by a run as after a way back.
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () =>
  setTimeout(() => window.dispatchEvent(new PopStateEvent("popstate"))),
);
