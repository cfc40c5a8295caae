"use strict";
// Values under the pointer. The page reads without this: all it adds is a label at the curves.
//
// Each figure brings its curves in a script of type application/json: a list of axes, each with its frame and, for each
// of its points, an abscissa (in the picture's units) and its name; and the curves, each with its ordinates and values.
(function () {
  const SVG = "http://www.w3.org/2000/svg";

  function nearest(sorted, x) {
    let low = 0, high = sorted.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (sorted[middle] <= x) { low = middle; } else { high = middle; }
    }
    return Math.abs(sorted[high] - x) < Math.abs(sorted[low] - x) ? high : low;
  }

  function add(parent, name, attributes) {
    const node = document.createElementNS(SVG, name);
    for (const key in attributes) { node.setAttribute(key, attributes[key]); }
    parent.appendChild(node);
    return node;
  }

  function attach(figure, svg, panels) {
    const tip = figure.querySelector(".tip");
    let marks = null, panel = 0, index = 0, isPinned = false;

    function hide() {
      tip.classList.remove("shown");
      if (marks) { marks.remove(); marks = null; }
    }

    // What stands at the point: its name, and each curve that has a value there, the one next to the pointer in bold.
    function fill(axes, y) {
      tip.textContent = "";
      const head = document.createElement("b");
      head.textContent = axes.names[index];
      tip.appendChild(head);
      let best = null, distance = Infinity;
      for (const curve of axes.curves) {
        if (curve.y[index] === null) { continue; }
        const line = document.createElement("div");
        line.textContent = curve.label ? curve.label + ": " + curve.values[index] : curve.values[index];
        tip.appendChild(line);
        add(marks, "circle", { class: "dot", cx: axes.x[index], cy: curve.y[index], r: 3.5 });
        const away = Math.abs(curve.y[index] - y);
        if (away < distance) { distance = away; best = line; }
      }
      if (best && axes.curves.length > 1) { best.className = "nearest"; }
    }

    // Beside the point, and within the figure.
    function place(axes, y) {
      const outer = figure.getBoundingClientRect(), matrix = svg.getScreenCTM();
      const x = axes.x[index] * matrix.a + matrix.e - outer.left, top = y * matrix.d + matrix.f - outer.top;
      const room = figure.clientWidth - tip.offsetWidth;
      const left = x + 12 > room ? x - 12 - tip.offsetWidth : x + 12;
      tip.style.left = Math.max(0, Math.min(left, room)) + "px";
      tip.style.top = Math.max(0, top - tip.offsetHeight - 8) + "px";
    }

    function show(y) {
      const axes = panels[panel];
      if (marks) { marks.remove(); }
      marks = add(svg, "g", {});
      add(marks, "line", { class: "cursor", x1: axes.x[index], x2: axes.x[index], y1: axes.top, y2: axes.bottom });
      fill(axes, y);
      tip.classList.add("shown");
      place(axes, y);
    }

    function follow(event) {
      const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
      const found = panels.findIndex(axes => point.x >= axes.left - 2 && point.x <= axes.right + 2 &&
                                             point.y >= axes.top - 2 && point.y <= axes.bottom + 2);
      if (found < 0) { hide(); return; }
      panel = found;
      index = nearest(panels[panel].x, point.x);
      show(point.y);
    }

    function step(event) {
      const n = panels[panel].x.length;
      const steps = { ArrowLeft: -1, ArrowRight: 1, PageUp: -30, PageDown: 30, Home: -n, End: n };
      if (event.key === "Escape") { hide(); return; }
      if (event.key === "ArrowUp" || event.key === "ArrowDown") {
        panel = (panel + (event.key === "ArrowUp" ? panels.length - 1 : 1)) % panels.length;
      } else if (!(event.key in steps)) {
        return;
      }
      event.preventDefault();
      index = Math.max(0, Math.min(panels[panel].x.length - 1, index + (steps[event.key] || 0)));
      show(panels[panel].curves[0].y[index] || panels[panel].top);
    }

    svg.addEventListener("pointermove", follow);
    svg.addEventListener("pointerdown", follow);
    svg.addEventListener("pointerleave", event => { if (event.pointerType === "mouse") { hide(); } });
    svg.addEventListener("blur", hide);
    svg.addEventListener("keydown", step);
  }

  for (const data of document.querySelectorAll("script.curves")) {
    const panels = JSON.parse(data.textContent);
    const svg = document.getElementById(data.dataset.svg);
    if (svg && panels.length > 0) { attach(svg.closest("figure"), svg, panels); }
  }

  // Paper has no arrow to click: everything is open while it is printed.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    for (const part of closed) { part.open = true; }
  });
  addEventListener("afterprint", () => { for (const part of closed) { part.open = false; } });
})();
