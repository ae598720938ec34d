// Where the page cannot open, one Chinese sentence says why, and what an old browser lacks is added
// where that can be done. In the syntax of 2009 (ES5), in the head, before Streamlit's scripts.
(function () {
  "use strict";
  // By the syntax of Streamlit's scripts: as they are, or made older (scripts/transpile_front.py).
  var needed = "__TRANSPILED__" === "true"
    ? { syntax: "return null ?? 0", chromium: "80", safari: "15.4", year: "2020" }
    : { syntax: "class A { static { } #b; }", chromium: "94", safari: "16.4", year: "2021" };
  function runs(code) {
    try {
      new Function(code)();
      return true;
    } catch (error) {
      return false;
    }
  }

  function explain(reason) {
    var place = document.getElementById("cannot-open") || document.createElement("div");
    place.id = "cannot-open";
    place.setAttribute("role", "alert");
    place.style.cssText =
      "position:fixed;z-index:99999;left:0;right:0;top:0;padding:24px;background:#fff;color:#1b2430;" +
      "font:18px/1.7 'Microsoft YaHei','Noto Sans CJK SC',sans-serif;border-bottom:2px solid #c1272d";
    place.innerHTML =
      "<b>" + reason + "</b><br>" +
      "本系统需要：Chrome 或 Edge " + needed.chromium + "以上，Firefox 102以上，Safari " +
      needed.safari + "以上；" +
      "360、UOS、麒麟等浏览器请切换到“极速模式”或升级。<br>" +
      "您的浏览器：<small>" + navigator.userAgent.replace(/[<&]/g, "") + "</small><br>" +
      '现在可以看<a href="' + plainAddress() + '">简明页</a>（只读，任何浏览器都能打开）；' +
      "仍有问题，请联系本系统管理员，说明上面这两行字。";
    document.body.appendChild(place);
  }

  function plainAddress() {
    var month = /[?&](month=[0-9-]+)/.exec(location.search);
    return "__BASE__/plain" + (month ? "?" + month[1] : "");
  }

  function whenBodyStands(action) {
    if (document.body) action();
    else document.addEventListener("DOMContentLoaded", action);
  }

  if (!("noModule" in document.createElement("script")) || !runs(needed.syntax)) {
    whenBodyStands(function () {
      explain("这个浏览器的版本太旧，打不开本页（缺少：" + needed.year + "年以后的脚本语法）。");
    });
    return;
  }

  // Set notation in patterns (Chromium 112): Streamlit's patterns mean the same with "u". Looking
  // behind (Safari 16.4): without it they find links and code inside of longer words as well.
  var knowsSets = runs('RegExp("a", "v")');
  var knowsBehind = runs('RegExp("(?<=a)b")');
  if (!knowsSets || !knowsBehind) {
    var Native = RegExp;
    var behind = /\(\?<[=!](?:[^()\\]|\\[^]|\([^()]*\))*\)/g;
    var Patched = function (pattern, flags) {
      var known = typeof flags === "string" && !knowsSets ? flags.replace("v", "u") : flags;
      var source = typeof pattern === "string" && !knowsBehind ? pattern.replace(behind, "") : pattern;
      return this instanceof Patched
        ? Reflect.construct(Native, [source, known], this.constructor)
        : Native(source, known);
    };
    Patched.prototype = Native.prototype;
    Object.getOwnPropertyNames(Native).forEach(function (name) {
      if (name in Patched && name !== "prototype") return;
      Object.defineProperty(Patched, name, Object.getOwnPropertyDescriptor(Native, name));
    });
    Native.prototype.constructor = Patched;
    window.RegExp = Patched;
  }

  if (!Array.prototype.toSorted || !Object.groupBy || !Promise.withResolvers || !Set.prototype.union) {
    document.write('<script src="__BASE__/polyfills/core-js.min.js"></' + "script>");
  }

  // Nothing drawn after ten seconds: whatever the reason, a white or grey page says nothing. What
  // was said goes as soon as the page stands.
  window.addEventListener("load", function () {
    var seconds = 0;
    var watch = setInterval(function () {
      var app = document.querySelector('[data-testid="stApp"]');
      if (app && app.getAttribute("data-test-connection-state") === "CONNECTED") {
        clearInterval(watch);
        var place = document.getElementById("cannot-open");
        if (place) place.parentNode.removeChild(place);
      } else if (++seconds === 10) {
        explain(
          app
            ? "页面连不上数据：网关、代理或防火墙可能没有放行 WebSocket 连接。"
            : "十秒钟了，页面还没有显示出来：浏览器可能不支持，或者网络没有把页面传完整。"
        );
      }
    }, 1000);
  });
})();
