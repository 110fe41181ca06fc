// The two charts, drawn by ECharts on a canvas. Each is one picture with a label; the numbers are in the table beside it.

import { channelColour, byFamily } from './channels.js';
import { channelName, date, dateTime, hourMinute, millis, rate, time, valueWithUnit } from './format.js';
import { colour, onThemeChange } from './theme.js';

/** Loaded after the first paint: it is the largest file of the page. */
let library;
const echarts = () => (library ??= import('echarts'));

class Chart extends HTMLElement {
  #chart;
  #model;
  #resize;
  #forgetTheme;

  async connectedCallback() {
    this.setAttribute('role', 'img');
    this.#forgetTheme = onThemeChange(() => this.#draw());
    const { init } = await echarts();
    if (!this.isConnected || this.#chart) return;
    this.#chart = init(this, null, { renderer: 'canvas' });
    this.#resize = new ResizeObserver(() => this.#chart?.resize());
    this.#resize.observe(this);
    this.#draw();
  }

  disconnectedCallback() {
    this.#resize?.disconnect();
    this.#forgetTheme?.();
    this.#chart?.dispose();
    this.#chart = undefined;
  }

  set model(model) {
    if (model === this.#model) return;
    this.#model = model;
    this.#draw();
  }

  #draw() {
    if (this.#chart && this.#model) {
      this.#chart.setOption({ ...this.frame(), ...this.option(this.#model) }, { replaceMerge: ['series'] });
    }
  }

  frame() {
    return {
      animation: false,
      aria: { enabled: false },
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      tooltip: {
        trigger: 'axis',
        confine: true,
        transitionDuration: 0,
        backgroundColor: colour('raised'),
        borderColor: colour('line'),
        padding: 0,
        axisPointer: { type: 'line', lineStyle: { color: colour('faint'), type: 'solid' } },
      },
    };
  }
}

/** What all axes share. */
const axisText = () => ({ color: colour('muted'), fontSize: 11 });
const splitLine = () => ({ lineStyle: { color: colour('line') } });

/** A tooltip as elements, never as HTML text: names come from data. */
function tip(heading, rows, total) {
  const box = document.createElement('div');
  box.className = 'tip';
  const title = box.appendChild(document.createElement('p'));
  title.textContent = heading;
  const table = box.appendChild(document.createElement('table'));
  for (const { name, value, swatch } of rows) {
    const row = table.insertRow();
    const first = row.insertCell();
    if (swatch) {
      const dot = first.appendChild(document.createElement('i'));
      dot.style.background = swatch;
    }
    first.append(name);
    row.insertCell().textContent = value;
  }
  if (total) {
    const row = table.insertRow();
    row.className = 'total';
    row.insertCell().textContent = 'All';
    row.insertCell().textContent = total;
  }
  return box;
}

class ChannelChart extends Chart {
  option({ throughput, channel }) {
    const start = millis(throughput.from);
    const seconds = throughput.step_millis / 1000;
    const steps = throughput.other.map((_, index) => start + index * throughput.step_millis);
    const shown = throughput.channels
      .filter((each) => !channel || each.channel === channel)
      .sort((left, right) => byFamily(left.channel, right.channel))
      .map((each) => ({ name: channelName(each.channel), counts: each.counts, swatch: colour(channelColour(each.channel)) }));
    if (!channel && throughput.other.some((each) => each > 0)) {
      shown.push({ name: 'Others', counts: throughput.other, swatch: colour('faint') });
    }
    const last = steps.length - 1;
    return {
      grid: { left: 4, right: 4, top: 24, bottom: 4, containLabel: true },
      xAxis: {
        type: 'category',
        data: steps,
        axisTick: { show: false },
        axisLine: { lineStyle: { color: colour('line') } },
        axisLabel: {
          ...axisText(),
          interval: (_, step) => Number(step) % 180_000 === 0,
          formatter: (step) => hourMinute(Number(step)),
        },
      },
      yAxis: {
        type: 'value',
        name: 'touchpoints/s',
        nameTextStyle: { ...axisText(), align: 'left', padding: [0, 0, 0, -24] },
        axisLabel: { ...axisText(), formatter: (number) => rate(number).replace(/\.0+$/, '') },
        splitLine: splitLine(),
        splitNumber: 4,
      },
      tooltip: {
        ...this.frame().tooltip,
        axisPointer: { type: 'shadow', shadowStyle: { color: colour('hover') } },
        formatter: (points) => {
          const index = points[0].dataIndex;
          const rows = shown
            .map((each) => ({ ...each, value: each.counts[index] / seconds }))
            .filter((each) => each.value > 0)
            .sort((left, right) => right.value - left.value);
          const total = rows.reduce((sum, row) => sum + row.value, 0);
          const filling = index === last && throughput.partial ? ', still filling' : '';
          return tip(
            `${time(steps[index])} + ${seconds} s${filling}`,
            rows.slice(0, 12).map((row) => ({ ...row, value: `${rate(row.value)}/s` })),
            `${rate(total)}/s`,
          );
        },
      },
      series: shown.map((each) => ({
        name: each.name,
        type: 'bar',
        stack: 'touchpoints',
        barCategoryGap: '12%',
        data: each.counts.map((count, index) =>
          index === last && throughput.partial
            ? { value: count / seconds, itemStyle: { opacity: 0.45 } }
            : count / seconds,
        ),
        itemStyle: { color: each.swatch },
        emphasis: { disabled: true },
      })),
    };
  }
}

class TrendChart extends Chart {
  option({ metric, points }) {
    const at = (value, point) => [millis(point.as_of), value];
    const banded = points.filter((point) => Number.isFinite(point.ci_low) && Number.isFinite(point.ci_high));
    const accent = colour('accent');
    const span = points.length > 1 ? millis(points.at(-1).as_of) - millis(points[0].as_of) : 0;
    const band = (data, areaStyle) => ({
      type: 'line',
      data,
      stack: 'interval',
      stackStrategy: 'all',
      symbol: 'none',
      lineStyle: { opacity: 0 },
      areaStyle,
      silent: true,
      tooltip: { show: false },
      emphasis: { disabled: true },
    });
    return {
      grid: { left: 4, right: 12, top: 16, bottom: 4, containLabel: true },
      xAxis: {
        type: 'time',
        axisLine: { lineStyle: { color: colour('line') } },
        axisTick: { show: false },
        splitLine: { show: false },
        axisLabel: {
          ...axisText(),
          hideOverlap: true,
          formatter: (instant) => (span > 2 * 86_400_000 ? date(instant) : hourMinute(instant)),
        },
      },
      yAxis: {
        type: 'value',
        scale: true,
        splitNumber: 4,
        axisLabel: { ...axisText(), formatter: (number) => valueWithUnit(number, metric) },
        splitLine: splitLine(),
      },
      tooltip: {
        ...this.frame().tooltip,
        formatter: (all) => {
          const point = points.find((each) => millis(each.as_of) === all[0].value[0]);
          if (!point) return '';
          const rows = [{ name: 'Value', value: valueWithUnit(point.value, metric) }];
          if (Number.isFinite(point.ci_low)) {
            rows.push({
              name: '95 % interval',
              value: `${valueWithUnit(point.ci_low, metric)} to ${valueWithUnit(point.ci_high, metric)}`,
            });
          }
          rows.push({ name: 'Observations', value: point.n.toLocaleString('en') });
          return tip(dateTime(millis(point.as_of)), rows);
        },
      },
      series: [
        band(banded.map((point) => at(point.ci_low, point))),
        band(
          banded.map((point) => at(point.ci_high - point.ci_low, point)),
          { color: accent, opacity: 0.14 },
        ),
        {
          type: 'line',
          data: points.map((point) => at(point.value, point)),
          symbol: points.length > 60 ? 'none' : 'circle',
          symbolSize: 5,
          lineStyle: { color: accent, width: 2 },
          itemStyle: { color: accent },
          emphasis: { disabled: true },
        },
      ],
    };
  }
}

customElements.define('channel-chart', ChannelChart);
customElements.define('trend-chart', TrendChart);
