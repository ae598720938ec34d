// The system has turned dark, or light, under an open page: Streamlit's own parts follow by themselves;
// charts and lists are drawn on the server in the colours of the theme, and anew by a run as after a way
// back. It would be drawn in the old colours before Streamlit has taken the new ones: a second at most.
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", (event) => {
  let frames = 60;
  const follow = () => {
    if (isDark() === event.matches) window.dispatchEvent(new PopStateEvent("popstate"));
    else if (frames-- > 0) requestAnimationFrame(follow);
  };
  follow();
});
