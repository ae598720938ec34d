// 汇报模式: all slides are in the page, so that turning them needs no server and a lost connection
// keeps the slide. The hall's window shows the slide alone; the presenter's window has notes, next
// slide and clock. Windows of one browser follow each other over a BroadcastChannel:
//
//   hall  <── {number, black} ──>  presenter
//
// A presenter on another device follows over the server (lib/web/meeting.py), by the same account or
// by the code that stands beside the hall's buttons. Without a connection each keeps its slide.
//
// Keys: → PageDown Space next, ← PageUp back, Home End, number and Enter, B black, F full screen,
// P presenter's window, A turns pages unattended, D takes down a decision, Esc leaves.
const IDLE = 2000; // milliseconds until the controls hide
const TURN = 15000; // milliseconds between pages when unattended
const AGAIN = 3000; // milliseconds until a lost server is asked again

function element(tag, name, text = "") {
  const made = document.createElement(tag);
  made.className = name;
  made.textContent = text;
  return made;
}

function two(value) {
  return String(value).padStart(2, "0");
}

function spent(milliseconds) {
  const seconds = Math.floor(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
}

class RefusedError extends Error {}

// What the server knows of the slide in the hall, kept in step with this window's.
class Meeting {
  constructor(show, address) {
    this.show = show;
    this.address = address;
    this.key = sessionStorage.getItem("meeting") ?? "";
    this.code = new URLSearchParams(location.search).get("meeting") ?? "";
    this.unsent = show.chosen && !show.data.presenter;
    this.off = new AbortController();
    this.run();
  }

  async run() {
    while (!this.off.signal.aborted) {
      try {
        if (!this.joined) await this.join();
        else if (this.unsent && !this.sending) await this.send();
        else await this.follow();
      } catch (fault) {
        if (fault instanceof RefusedError) this.show.say(fault.message);
        await new Promise((resolve) => setTimeout(resolve, AGAIN));
      }
    }
  }

  async ask(path, facts) {
    const post = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(facts) };
    const answer = await fetch(this.address + path, { ...(facts ? post : {}), signal: this.off.signal });
    const state = await answer.json();
    if (answer.ok) return state;
    if (answer.status === 404) this.joined = null;
    throw new RefusedError(state.fault);
  }

  async join() {
    const { presenter, channel } = this.show.data;
    const query = new URLSearchParams(location.search);
    for (const name of ["slide", "presenter", "auto", "meeting"]) query.delete(name);
    const facts = { ...this.slide(), presenter, channel, query: query.toString(), key: this.key, code: this.code };
    const state = await this.ask("", facts);
    if (presenter && state.channel !== channel && state.query !== query.toString()) {
      location.search = `${state.query}&presenter=true&meeting=${state.code}`; // the hall's own slides
      return;
    }
    if (!presenter) sessionStorage.setItem("meeting", (this.key = state.key));
    this.joined = state.key;
    this.turn = 0;
    this.show.joined(state);
    this.take(state);
  }

  async follow() {
    const hall = this.show.data.presenter ? "" : "&hall";
    this.take(await this.ask(`/${this.joined}?turn=${this.turn}${hall}`));
  }

  // One after the other: of two on the way at once the older might arrive last, and turn all back.
  async send() {
    if (this.sending) return;
    this.sending = true;
    try {
      while (this.unsent) {
        const slide = this.slide();
        const { turn } = await this.ask(`/${this.joined}`, slide);
        this.turn = turn;
        this.unsent = JSON.stringify(slide) !== JSON.stringify(this.slide());
      }
    } finally {
      this.sending = false;
    }
  }

  // The slide was turned here: the server hears of it at once, or when it can be reached again.
  turned() {
    this.unsent = true;
    if (this.joined) this.send().catch(() => {});
  }

  take(state) {
    if (state.turn < this.turn) return; // older than what this window has sent meanwhile
    this.turn = state.turn;
    if (!this.unsent) this.show.show(state.number, state.black, false);
  }

  slide() {
    return { number: this.show.number, black: this.show.black };
  }

  close() {
    this.off.abort();
  }
}

class Show {
  constructor(root) {
    this.root = root;
    this.black = false;
    this.typed = "";
    this.began = this.turned = Date.now();
    const asked = new URLSearchParams(location.search);
    this.number = Number.parseInt(asked.get("slide") ?? "1", 10) || 1;
    // An address that names another slide than this window showed last was opened on purpose; a reload
    // names the same, and the hall may have been turned from another device meanwhile.
    this.chosen = (sessionStorage.getItem("slide") ?? asked.get("slide")) !== asked.get("slide");
    this.unattended = asked.get("auto") === "true";
    this.off = new AbortController();
    const { signal } = this.off;
    window.addEventListener("keydown", (event) => this.key(event), { signal });
    for (const kind of ["pointermove", "pointerdown"]) {
      window.addEventListener(kind, () => this.wake(), { signal });
    }
    root.addEventListener("touchstart", (event) => (this.touch = event.touches[0].clientX), { signal, passive: true });
    root.addEventListener("touchend", (event) => this.swipe(event.changedTouches[0].clientX), { signal });
    this.clock = setInterval(() => this.tick(), 500);
  }

  close() {
    this.off.abort();
    clearInterval(this.clock);
    clearTimeout(this.sleep);
    this.channel?.close();
    this.meeting?.close();
  }

  // New slides: of other data, or the first.
  take(data) {
    if (this.channel?.name !== data.channel) {
      this.channel?.close();
      this.channel = new BroadcastChannel(data.channel);
      this.channel.onmessage = ({ data: told }) => {
        if (told.ask) this.tell();
        else this.show(told.number, told.black, false);
      };
      if (data.presenter) this.channel.postMessage({ ask: true });
    }
    this.data = data;
    this.build();
    this.show(this.number, this.black, false);
    this.wake();
    this.meeting ??= new Meeting(this, data.meeting);
  }

  // The meeting's code for another device; a presenter's own is asked for one until it has joined.
  joined({ code, turns }) {
    this.code = code;
    this.mayTurn = turns;
    this.say("");
    this.root.classList.add("joined");
    this.showCode();
  }

  showCode() {
    if (!this.code) return;
    const words = this.data.presenter ? "已连接会场" : `会议码 ${this.code.slice(0, 3)} ${this.code.slice(3)}`;
    this.codeLine.textContent = this.mayTurn ? words : `${words}（只能跟看）`;
  }

  say(words) {
    this.fault.textContent = words;
  }

  build() {
    const { slides, presenter } = this.data;
    this.root.replaceChildren();
    this.root.className = presenter ? "show presenter" : "show";
    this.picture = element("img", "slide");
    this.cover = element("div", "black");
    this.count = element("span", "count");
    this.controls = element("div", "controls");
    const buttons = [
      ["上一页", "←", () => this.to(this.number - 1)],
      ["下一页", "→", () => this.to(this.number + 1)],
      ["黑屏", "B", () => this.show(this.number, !this.black)],
    ];
    if (!presenter) {
      buttons.push(
        ["全屏", "F", () => this.fill()],
        ["主讲人窗口", "P", () => this.openPresenter()],
        ["自动翻页", "A", () => this.turnAlone()],
        ["退出", "Esc", () => this.leave()],
      );
    }
    if (this.data.record) buttons.splice(3, 0, ["记议定事项", "D", () => this.takeDown()]);
    for (const [words, key, act] of buttons) {
      const button = element("button", "", `${words} ${key}`);
      button.type = "button";
      button.addEventListener("click", act);
      this.controls.append(button);
    }
    this.codeLine = element("span", "code");
    this.fault = element("span", "fault");
    this.controls.prepend(this.codeLine, this.count);
    this.showCode();
    const hall = element("div", "hall");
    hall.append(this.picture, this.cover);
    this.root.append(hall, this.controls);
    if (this.line) {
      this.line.querySelector(".said").textContent = this.data.record?.said ?? "";
      this.root.append(this.line);
    }
    if (!presenter) return;
    this.next = element("img", "next");
    this.time = element("div", "time");
    this.notes = element("div", "notes");
    this.list = element("ol", "list");
    slides.forEach((slide, place) => {
      const row = element("li", "");
      const jump = element("button", "", `${place + 1}　${slide.title}`);
      jump.type = "button";
      jump.addEventListener("click", () => this.to(place + 1));
      row.append(jump);
      this.list.append(row);
    });
    const ask = element("input", "ask");
    ask.placeholder = "会议码";
    ask.inputMode = "numeric";
    ask.ariaLabel = "会场屏幕右下角的会议码";
    ask.addEventListener("change", () => {
      this.meeting.code = ask.value;
      this.meeting.joined ||= null;
    });
    this.controls.prepend(ask, this.fault);
    this.root.append(this.time, this.next, this.notes, this.list);
  }

  show(number, black = false, tell = true) {
    const { slides, presenter } = this.data;
    const now = Math.min(Math.max(number, 1), slides.length);
    if (now !== this.number) this.turned = Date.now();
    this.number = now;
    this.black = black;
    const slide = slides[now - 1];
    this.picture.src = slide.image;
    this.picture.alt = slide.title;
    this.cover.hidden = !black;
    this.count.textContent = `${now}／${slides.length}${this.unattended ? "　自动翻页中" : ""}`;
    if (presenter) {
      const next = slides[now];
      this.next.hidden = !next;
      if (next) {
        this.next.src = next.image;
        this.next.alt = `下一页：${next.title}`;
      }
      this.notes.textContent = slide.notes;
      [...this.list.children].forEach((row, place) => row.classList.toggle("now", place + 1 === now));
      this.list.children[now - 1]?.scrollIntoView({ block: "nearest" });
    }
    const address = new URL(location.href);
    address.searchParams.set("slide", now);
    history.replaceState(history.state, "", address);
    sessionStorage.setItem("slide", now);
    if (tell) this.tell();
    this.tick();
  }

  // One line for what the meeting decides: words, unit, date. It stays open for the next one, and
  // what is typed outlives new slides.
  takeDown() {
    if (this.line || !this.data.record) {
      this.line?.remove();
      this.line = undefined;
      return;
    }
    const { units, due, ask_name: asksName } = this.data.record;
    const line = element("form", "line");
    const field = (tag, label, facts = {}) => {
      const made = Object.assign(element(tag, ""), { required: true, ...facts });
      made.setAttribute("aria-label", label);
      line.append(made);
      return made;
    };
    const words = field("input", "议定事项", { placeholder: "议定事项：要办什么", maxLength: 500 });
    const unit = field("select", "责任单位");
    for (const name of ["", ...units]) unit.append(new Option(name || "责任单位", name));
    const by = field("input", "期限", { type: "date", value: due });
    const person = asksName ? field("input", "记录人", { placeholder: "记录人", maxLength: 40, size: 6 }) : null;
    const send = element("button", "", "记下");
    const said = element("span", "said");
    said.setAttribute("role", "status");
    line.append(send, said);
    line.addEventListener("submit", (event) => {
      event.preventDefault();
      said.textContent = "正在记下……";
      const entry = { words: words.value, unit: unit.value, due: by.value, person: person?.value ?? "" };
      this.decide({ ...entry, sent: Date.now() });
      words.value = "";
      words.focus();
    });
    line.addEventListener("keydown", (event) => event.key === "Escape" && this.takeDown());
    this.line = line;
    this.root.append(line);
    words.focus();
  }

  tell() {
    this.meeting?.turned();
    this.channel.postMessage({ number: this.number, black: this.black });
  }

  to(number) {
    this.show(number);
  }

  turnAlone() {
    this.unattended = !this.unattended;
    this.turned = Date.now();
    this.show(this.number, this.black, false);
  }

  tick() {
    const now = Date.now();
    if (this.unattended && now - this.turned >= TURN) {
      this.to(this.number < this.data.slides.length ? this.number + 1 : 1);
    }
    if (this.time) {
      const clock = new Date(now);
      this.time.textContent =
        `${two(clock.getHours())}:${two(clock.getMinutes())}　` +
        `本页 ${spent(now - this.turned)}　共 ${spent(now - this.began)}`;
    }
  }

  wake() {
    this.root.classList.add("awake");
    clearTimeout(this.sleep);
    this.sleep = setTimeout(() => this.root.classList.remove("awake"), IDLE);
  }

  swipe(x) {
    const moved = x - (this.touch ?? x);
    if (Math.abs(moved) > 60) this.to(this.number + (moved < 0 ? 1 : -1));
    else this.wake();
  }

  fill() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen?.();
  }

  openPresenter() {
    const address = new URL(location.href);
    address.searchParams.set("presenter", "true");
    if (this.code) address.searchParams.set("meeting", this.code);
    window.open(address, "presenter", "popup,width=1200,height=760");
  }

  key(event) {
    if (event.target.closest?.(".line") || event.composedPath()[0].closest?.(".line")) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.composedPath()[0].tagName === "INPUT") return; // the meeting's code
    if (/^\d$/.test(event.key)) {
      this.typed += event.key;
      return;
    }
    const typed = this.typed;
    this.typed = "";
    if (event.key === "Enter" && typed) {
      event.preventDefault();
      this.to(Number.parseInt(typed, 10));
      return;
    }
    const act = {
      ArrowRight: () => this.to(this.number + 1),
      ArrowDown: () => this.to(this.number + 1),
      PageDown: () => this.to(this.number + 1),
      " ": () => this.to(this.number + 1),
      ArrowLeft: () => this.to(this.number - 1),
      ArrowUp: () => this.to(this.number - 1),
      PageUp: () => this.to(this.number - 1),
      Home: () => this.to(1),
      End: () => this.to(this.data.slides.length),
      b: () => this.show(this.number, !this.black),
      ".": () => this.show(this.number, !this.black), // what some remotes send
      f: () => this.fill(),
      F5: () => this.fill(),
      p: () => this.data.presenter || this.openPresenter(),
      a: () => this.turnAlone(),
      d: () => this.takeDown(),
      Escape: () => this.data.presenter || this.leave(),
    }[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (act) {
      event.preventDefault();
      act();
    }
  }
}

const shows = new WeakMap();

export default function (component) {
  const root = component.parentElement.querySelector(".show");
  let show = shows.get(root);
  if (!show) {
    show = new Show(root);
    shows.set(root, show);
  }
  show.decide = (entry) => component.setTriggerValue("decision", entry);
  show.leave = () => component.setTriggerValue("leave", true);
  const told = JSON.stringify(component.data);
  if (show.told !== told) {
    show.told = told;
    show.take(component.data);
  }
  return () => {
    show.close();
    shows.delete(root);
  };
}
