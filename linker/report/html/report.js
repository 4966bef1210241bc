/* SPDX-License-Identifier: MIT
 * Draws the report from the JSON that the page carries: budgets, what changed, a treemap, the sectors
 * byte by byte, a table. Nothing is fetched, and names are only ever set as text. */
"use strict";
(() => {
    const SVG = "http://www.w3.org/2000/svg";
    const SECTOR = 512, ACROSS = 64, ROWS_SHOWN = 500, SECTORS_SHOWN = 96, CELLS_SHOWN = 600;
    const PALE = new Set(["free", "fill", "padding", "reserved"]);
    const report = JSON.parse(document.getElementById("report").textContent);
    const names = new Map(JSON.parse(document.getElementById("names").textContent).map((its) => [its.symbol, its.name]));
    const rows = report.rows.concat(report.memory);
    rows.forEach((row, index) => { row.index = index; row.name = nameOf(row); });

    /* ---- elements ---- */

    function make(space, tag, attributes, children) {
        const element = space ? document.createElementNS(SVG, tag) : document.createElement(tag);
        for (const [key, value] of Object.entries(attributes || {})) {
            if (key === "on") Object.entries(value).forEach(([type, act]) => element.addEventListener(type, act));
            else if (key === "kind") element.style.setProperty("--kind", `var(--${value})`);
            else if (value !== undefined && value !== false) element.setAttribute(key, value);
        }
        element.append(...(children || []).filter((child) => child !== undefined && child !== ""));
        return element;
    }
    const html = (tag, attributes, ...children) => make(false, tag, attributes, children);
    const svg = (tag, attributes, ...children) => make(true, tag, attributes, children);
    const main = document.querySelector("main");

    function section(title, ...children) {
        const element = html("section", {}, html("h2", {}, title), ...children);
        main.append(element);
        return element;
    }

    /* ---- words ---- */

    /* A symbol as its source has it. */
    function sourceName(symbol) {
        return names.get(symbol) || symbol;
    }

    function nameOf(row) {
        if (row.symbol || row.text) return sourceName(row.symbol) || row.text;
        return row.object ? row.section : `(${row.kind})`;
    }
    const hex = (number) => "0x" + number.toString(16);
    const bytes = (number) => number.toLocaleString("en") + (number === 1 ? " byte" : " bytes");
    const signed = (number) => (number > 0 ? "+" : "") + number.toLocaleString("en");
    const percent = (part, whole) => (whole ? (100 * part / whole).toFixed(1) + " %" : "-");

    function chainOf(row) {
        const chain = [];
        for (let at = row; at && chain.length <= rows.length; at = rows[at.kept_by]) {
            chain.unshift(at);
            if (at.kept_by === undefined) break;
        }
        return chain;
    }

    function chainText(row) {
        if (row.kept_by === undefined) return row.root || "";
        const chain = chainOf(row);
        return (chain[0].root ? chain[0].root + ": " : "") +
            chain.map((its, i) => (i ? (its.by_section ? " + " : " \u203a ") : "") + its.name).join("");
    }

    /* ---- what is chosen and what is filtered, in all pictures at once ---- */

    const marks = new Map(); /* row index -> elements that stand for it */
    const details = html("aside", { id: "chosen", class: "card", "aria-live": "polite" });
    let filterText = "";

    function mark(row, element) {
        if (!marks.has(row.index)) marks.set(row.index, []);
        marks.get(row.index).push(element);
        return element;
    }

    const matches = (row) => !filterText || [row.name, row.symbol, row.object, row.section, row.output_section,
        row.kind, row.source].some((text) => text && text.toLowerCase().includes(filterText));

    function dim() {
        for (const [index, elements] of marks) {
            const out = !matches(rows[index]);
            elements.forEach((element) => element.classList.toggle("dim", out && element.tagName !== "TR"));
        }
    }

    function choose(row) {
        document.querySelectorAll(".chosen").forEach((element) => element.classList.remove("chosen"));
        (marks.get(row.index) || []).forEach((element) => element.classList.add("chosen"));
        const place = [row.object, row.section].filter(Boolean).join(" : ");
        details.replaceChildren(html("code", {}, row.name),
            ` ${bytes(row.size)} of ${row.kind} at ${hex(row.address)}` +
            (row.offset === undefined ? ", memory only" : `, offset ${hex(row.offset)}`),
            html("p", {}, names.get(row.symbol) ? row.symbol : ""),
            html("p", {}, [place, row.source && row.source + (row.line ? ":" + row.line : "")].filter(Boolean).join(" \u00b7 ")),
            html("p", {}, linesText(row)),
            html("p", {}, chainText(row) ? "in the image because of " + chainText(row) : ""));
    }

    /* The lines that cost most, where there is debug information. */
    function linesText(row) {
        const sums = new Map();
        for (const its of row.lines || []) {
            const name = (its.source || row.source) + (its.line ? ":" + its.line : "");
            sums.set(name, (sums.get(name) || 0) + its.size);
        }
        const largest = [...sums].sort((a, b) => b[1] - a[1]).slice(0, 12);
        return largest.map(([name, size]) => `${name} ${size}`).join(", ");
    }
    const choosing = (row) => ({ click: () => choose(row) });

    /* ---- head ---- */

    function drawHead() {
        const button = html("button", { id: "theme", on: { click: () => {
            const isDark = getComputedStyle(document.body).backgroundColor.match(/\d+/)[0] < 128;
            document.documentElement.className = isDark ? "light" : "dark";
        } } }, "light / dark");
        main.append(html("header", {}, html("h1", {}, report.image.name),
            html("p", {}, `${bytes(report.image.size)}, ${report.image.used.toLocaleString("en")} used, ` +
                `loaded at ${hex(report.image.load_address)}` + (report.image.linked ? "" : ", not written")), button));
    }

    const budgetName = (its) => (its.object ? its.object + ":" : "") + sourceName(its.name);

    function drawBudgets() {
        if (!report.budgets.length) return;
        const list = html("div", { class: "budgets card" });
        for (const its of report.budgets) {
            const part = its.limit ? Math.min(100, 100 * its.used / its.limit) : 100;
            const bar = html("i", {});
            bar.style.width = part + "%";
            list.append(html("div", { class: its.over ? "budget over" : "budget" },
                html("div", { class: "name" }, html("small", {}, its.kind), budgetName(its)),
                html("div", { class: "bar", role: "img", "aria-label": percent(its.used, its.limit) }, bar),
                html("div", { class: "numbers" }, `${its.used.toLocaleString("en")} of ${its.limit.toLocaleString("en")}, `,
                    html("b", {}, its.over ? `${its.over.toLocaleString("en")} over` : `${its.free.toLocaleString("en")} free`),
                    `, ${percent(its.used, its.limit)}`)));
        }
        main.append(list);
    }

    function programWords(its) {
        const list = (title, parts) => (parts ? [title + parts.map((part) => `${part.name} ${part.size.toLocaleString("en")}`).join(", ")] : []);
        return [`what is over is in ${sourceName(its.symbol)}, the program itself: ${bytes(its.size)}`,
            ...list("the lines that cost most: ", its.lines),
            ...(its.wants_lines ? ["compile it with -g too, and the lines that cost most are named"] : []),
            ...list("the largest data: ", its.data), ...(its.flags ? [`${its.flags}: ${its.why}`] : [])];
    }

    function drawAdvice() {
        for (const advice of report.advice) {
            const budget = report.budgets[advice.budget];
            const items = advice.flags.map((its) => html("li", {}, html("code", {}, its.flag),
                `: ${its.at_least ? "at least " : ""}${bytes(its.saves)}, ${its.why}${its.where ? ", in " + its.where : ""}`));
            const without = advice.without.flatMap((its, i) => [i ? ", " : "",
                html("code", {}, sourceName(its.symbol)), ` (${bytes(its.frees)})`]);
            const its = advice.program;
            if (its) items.unshift(...programWords(its).map((words) => html("li", {}, words)));
            if (advice.would_fit)
                items.unshift(html("li", {}, "it would fit without ", ...without));
            else if (without.length)
                items.unshift(html("li", {}, `it would still be ${advice.still_over.toLocaleString("en")} over without `, ...without));
            else if (advice.would_fit === false && !its)
                items.unshift(html("li", {}, "no symbol could go alone: each is the entry, or would take most of the others with it"));
            if (advice.padding)
                items.push(html("li", {}, `lost to alignment: ${bytes(advice.padding)}`));
            if (advice.layout)
                items.push(html("li", {}, html("code", {}, advice.layout), `: ${advice.layout_why}`));
            if (items.length) section(`${bytes(budget.over)} over: what would help ${budgetName(budget)}`,
                html("div", { class: "card" }, html("ul", { class: "advice" }, ...items)));
        }
    }

    function drawComparison() {
        const its = report.comparison;
        if (!its) return;
        const body = its.changes.map((change) => html("tr", {},
            html("td", { class: "number " + (change.change > 0 ? "grew" : "shrank") }, signed(change.change)),
            html("td", { class: "number" }, String(change.before)), html("td", { class: "number" }, String(change.after)),
            html("td", {}, change.what + (change.in_file ? "" : ", memory")),
            html("td", {}, sourceName(change.symbol) || change.section || ""), html("td", {}, change.object || "")));
        const head = ["change", "before", "after", "", "symbol", "object"].map((title, i) =>
            html("th", { class: i < 3 && "number" }, title));
        section(`Since ${its.baseline}: ${signed(its.used_change)} bytes`,
            html("div", { class: "card scroll short" }, its.changes.length
                ? html("table", { id: "changes" }, html("thead", {}, html("tr", {}, ...head)), html("tbody", {}, ...body))
                : "nothing changed"));
    }

    function legend() {
        const sums = report.totals.kinds.map((its) =>
            html("span", { kind: its.name }, `${its.name} ${its.size.toLocaleString("en")}`));
        return html("div", { class: "legend" }, ...sums);
    }

    /* ---- treemap: squarified (Bruls, Huizing, van Wijk: "Squarified treemaps", 2000) ---- */

    function worst(line, sum, side) {
        const square = (sum / side) ** 2;
        return Math.max(...line.map((item) => Math.max(square / item.area, item.area / square)));
    }

    function layLine(line, sum, box, place) {
        const isWide = box.w >= box.h, thick = sum / (isWide ? box.h : box.w);
        let at = isWide ? box.y : box.x;
        for (const item of line) {
            const long = item.area / thick;
            place(item, isWide ? { x: box.x, y: at, w: thick, h: long } : { x: at, y: box.y, w: long, h: thick });
            at += long;
        }
        if (isWide) { box.x += thick; box.w -= thick; } else { box.y += thick; box.h -= thick; }
    }

    function squarify(items, outer, place) {
        const total = items.reduce((sum, item) => sum + item.size, 0), box = { ...outer };
        if (!total || outer.w <= 0 || outer.h <= 0) return;
        const scale = outer.w * outer.h / total;
        let line = [], sum = 0;
        for (const item of [...items].sort((a, b) => b.size - a.size)) {
            item.area = item.size * scale;
            const side = Math.min(box.w, box.h);
            if (line.length && worst([...line, item], sum + item.area, side) > worst(line, sum, side)) {
                layLine(line, sum, box, place);
                line = [];
                sum = 0;
            }
            line.push(item);
            sum += item.area;
        }
        layLine(line, sum, box, place);
    }

    function cell(item, box) {
        const row = item.row;
        const element = svg("svg", { class: PALE.has(item.kind) ? "cell pale" : "cell", kind: item.kind,
            x: box.x, y: box.y, width: Math.max(box.w, 0), height: Math.max(box.h, 0), on: row && choosing(row) },
            svg("title", {}, `${item.name}: ${bytes(item.size)}${row && row.object ? " in " + row.object : ""}`),
            svg("rect", { width: "100%", height: "100%", rx: 2 }),
            svg("text", { x: 6, y: 15 }, item.name),
            box.h > 30 && box.w > 26 ? svg("text", { x: 6, y: 29, class: "size" }, String(item.size)) : "");
        return row ? mark(row, element) : element;
    }

    /* Many small ones are one cell: a picture of more cells shows nothing. */
    function itemsOf(members) {
        const items = members.map((row) => ({ name: row.name, size: row.size, kind: row.kind, row }));
        if (items.length <= CELLS_SHOWN) return items;
        items.sort((a, b) => b.size - a.size);
        const rest = items.splice(CELLS_SHOWN);
        items.push({ name: `${rest.length} others`, kind: rest[0].kind,
            size: rest.reduce((sum, item) => sum + item.size, 0) });
        return items;
    }

    function drawTreemap() {
        const width = 1200, height = 440, head = 20, groups = new Map();
        for (const row of report.rows) {
            const key = row.object || "";
            if (!groups.has(key)) groups.set(key, []);
            groups.get(key).push(row);
        }
        const all = [...groups].map(([name, members]) => ({ name, members,
            size: members.reduce((sum, row) => sum + row.size, 0) }));
        const picture = svg("svg", { id: "treemap", viewBox: `0 0 ${width} ${height}`, role: "img",
            "aria-label": "bytes of the image by object and symbol" });
        squarify(all, { x: 0, y: 0, w: width, h: height }, (group, box) => {
            const hasHead = group.name && box.h > 3 * head && box.w > 60;
            if (hasHead)
                picture.append(svg("svg", { x: box.x, y: box.y, width: box.w, height: head },
                    svg("text", { class: "group", x: 3, y: 14 }, `${group.name} ${group.size}`)));
            const top = hasHead ? head : 0;
            squarify(itemsOf(group.members), { x: box.x + 1, y: box.y + top, w: box.w - 3, h: box.h - top - 2 },
                (item, its) => picture.append(cell(item, its)));
        });
        section("Where the bytes are", html("div", { class: "card" }, legend(), picture));
    }

    /* ---- sectors, byte by byte: 64 bytes a line ---- */

    function runsOf(row, from, to) {
        const runs = [];
        for (let at = from; at < to;) {
            const end = Math.min(to, (Math.floor(at / ACROSS) + 1) * ACROSS);
            runs.push(mark(row, svg("rect", { class: row.index % 2 ? "run odd" : "run", kind: row.kind, x: at % ACROSS, y: Math.floor(at / ACROSS),
                width: end - at, height: 1, on: choosing(row) },
                svg("title", {}, `${row.name}: ${bytes(row.size)} at ${hex(row.address)}`))));
            at = end;
        }
        return runs;
    }

    function gridOf(down) {
        let lines = "";
        for (let x = 1; x < ACROSS; x++) lines += `M${x} 0V${down}`;
        for (let y = 1; y < down; y++) lines += `M0 ${y}H${ACROSS}`;
        return svg("path", { d: lines });
    }

    function drawSector(number, members) {
        const from = number * SECTOR, to = Math.min(from + SECTOR, report.image.size);
        const down = Math.ceil((to - from) / ACROSS);
        const picture = svg("svg", { viewBox: `0 0 ${ACROSS} ${down}`, "aria-label": `sector ${number}` });
        picture.style.aspectRatio = `${ACROSS} / ${down * 1.6}`;
        picture.setAttribute("preserveAspectRatio", "none");
        for (const row of members)
            picture.append(...runsOf(row, Math.max(row.offset, from) - from, Math.min(row.offset + row.size, to) - from));
        picture.append(gridOf(down));
        return html("figure", {}, html("figcaption", {},
            `sector ${number} \u00b7 ${hex(from)} \u2013 ${hex(to - 1)} \u00b7 ${report.totals.sectors[number]} used`), picture);
    }

    /* Sectors that one row fills whole are told in words. */
    function drawSectors() {
        const list = html("div", { class: "sectors" }), count = report.totals.sectors.length;
        let shown = 0, first = 0;
        for (let number = 0; number < count; number++) {
            const from = number * SECTOR, to = from + SECTOR, members = [];
            while (report.rows[first] && report.rows[first].offset + report.rows[first].size <= from) first++;
            for (let i = first; report.rows[i] && report.rows[i].offset < to; i++) members.push(report.rows[i]);
            const row = members[0];
            const last = row ? Math.floor((row.offset + row.size) / SECTOR) - 1 : number;
            if (members.length === 1 && last > number + 1) {
                list.append(html("figure", {}, html("figcaption", {}, `sectors ${number} to ${last} \u00b7 ${row.name}, ${row.kind}`)));
                number = last;
            } else if (shown++ < SECTORS_SHOWN) {
                list.append(drawSector(number, members));
            }
        }
        if (shown > SECTORS_SHOWN)
            list.append(html("p", {}, `${shown - SECTORS_SHOWN} more sectors are in the table below`));
        section(count === 1 ? "The sector, byte by byte" : `${count} sectors, byte by byte`, html("div", { class: "card" }, legend(), list));
    }

    /* ---- table ---- */

    const COLUMNS = [
        { key: "offset", title: "offset", number: true, text: (row) => (row.offset === undefined ? "" : hex(row.offset)) },
        { key: "address", title: "address", number: true, text: (row) => hex(row.address) },
        { key: "size", title: "bytes", number: true, text: (row) => row.size.toLocaleString("en") },
        { key: "kind", title: "kind" },
        { key: "name", title: "symbol" },
        { key: "output_section", title: "section" },
        { key: "object", title: "object" },
        { key: "source", title: "source", text: (row) => (row.source || "") + (row.line ? ":" + row.line : "") },
        { key: "why", title: "because of", text: chainText },
    ];
    let order = { key: "size", down: true };

    function compare(a, b) {
        const column = COLUMNS.find((its) => its.key === order.key);
        const value = (row) => (column.key === "why" ? chainText(row) : row[column.key]);
        const x = value(a), y = value(b);
        const step = column.number ? (x ?? -1) - (y ?? -1) : String(x ?? "").localeCompare(String(y ?? ""), "en");
        return (order.down ? -step : step) || a.index - b.index;
    }

    function fillTable(table, limit) {
        const found = rows.filter(matches).sort(compare), body = html("tbody");
        for (const row of found.slice(0, limit))
            body.append(mark(row, html("tr", { on: choosing(row), "data-row": row.index }, ...COLUMNS.map((column) => {
                const text = column.text ? column.text(row) : row[column.key] || "";
                return html("td", { class: column.number && "number" },
                    column.key === "kind" ? html("i", { class: "swatch", kind: row.kind }) : "", text);
            }))));
        table.tBodies[0].replaceWith(body);
        const file = found.filter((row) => row.offset !== undefined), memory = found.filter((row) => row.offset === undefined);
        const sum = (list) => list.reduce((total, row) => total + row.size, 0);
        table.tFoot.rows[0].cells[0].textContent = `${found.length} rows: ${bytes(sum(file))} of the image` +
            (memory.length ? `, ${bytes(sum(memory))} of memory` : "") +
            (found.length > limit ? `; the first ${limit} are shown` : "");
        table.tFoot.dataset.image = sum(file);
        table.tHead.querySelectorAll("th").forEach((th) => {
            if (th.dataset.key === order.key) th.setAttribute("aria-sort", order.down ? "descending" : "ascending");
            else th.removeAttribute("aria-sort");
        });
    }

    function drawTable() {
        const table = html("table", { id: "rows" }), filter = html("input", { id: "filter", type: "search",
            placeholder: "filter by symbol, object, section, source or kind", "aria-label": "filter" });
        const refill = () => { fillTable(table, ROWS_SHOWN); dim(); };
        const sortBy = (column) => {
            order = { key: column.key, down: order.key === column.key ? !order.down : Boolean(column.number) };
            refill();
        };
        table.append(html("thead", {}, html("tr", {}, ...COLUMNS.map((column) => html("th", { "data-key": column.key,
            class: column.number && "number", on: { click: () => sortBy(column) } }, column.title)))), html("tbody"),
            html("tfoot", {}, html("tr", {}, html("td", { colspan: COLUMNS.length }))));
        filter.addEventListener("input", () => { filterText = filter.value.toLowerCase(); refill(); });
        section("Every row", html("div", { class: "card" }, html("div", { class: "tools" }, filter), html("div", { class: "scroll" }, table)));
        refill();
    }

    function drawRemoved() {
        if (!report.removed.length) return;
        const shown = report.removed.slice(0, ROWS_SHOWN);
        const sum = report.removed.reduce((total, its) => total + its.size, 0);
        section("Not in the image", html("details", { class: "card" },
            html("summary", {}, `${report.removed.length} pieces, ${bytes(sum)}`),
            html("table", { id: "removed" }, html("thead", {}, html("tr", {}, html("th", { class: "number" }, "bytes"),
                ...["why", "symbol", "section", "object", "in its place"].map((title) => html("th", {}, title)))),
            html("tbody", {}, ...shown.map((its) => html("tr", {}, html("td", { class: "number" }, String(its.size)),
                ...[its.why, sourceName(its.symbol), its.section, its.object, sourceName(its.into)].map((text) => html("td", {}, text || ""))))))));
    }

    drawHead();
    drawBudgets();
    drawAdvice();
    drawComparison();
    drawTreemap();
    drawSectors();
    drawTable();
    drawRemoved();
    main.append(details);
})();
