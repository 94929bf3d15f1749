import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  type ChartConfiguration,
  Legend,
  LinearScale,
  Tooltip,
} from 'chart.js';
import { useEffect, useRef } from 'react';
import type { Activity } from './activity.ts';

Chart.register(BarController, BarElement, CategoryScale, LinearScale, Legend, Tooltip);

/** Number of colors in the style sheet. */
const COLORS = 7;

/** Requests by role and day, as a bar chart. The table below it contains the same numbers. */
export function RoleChart({ activity, label }: { readonly activity: Activity; readonly label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const dark = matchMedia('(prefers-color-scheme: dark)');
    let chart: Chart<'bar', number[]> | undefined;
    const draw = () => {
      chart?.destroy();
      if (canvas.current !== null)
        chart = new Chart<'bar', number[]>(canvas.current, settingsOf(activity, canvas.current));
    };
    draw();
    // A canvas does not follow the style sheet.
    dark.addEventListener('change', draw);
    return () => {
      dark.removeEventListener('change', draw);
      chart?.destroy();
    };
  }, [activity]);
  return (
    <div className="chart">
      <canvas ref={canvas} role="img" aria-label={label} />
    </div>
  );
}

const DAY = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });

/** A day in the time zone of the reader. */
function dayWords(seconds: number): string {
  return DAY.format(new Date(seconds * 1000));
}

function settingsOf({ roles, days }: Activity, element: HTMLElement): ChartConfiguration<'bar', number[]> {
  const style = getComputedStyle(element);
  const color = (name: string) => resolved(style.getPropertyValue(name), element);
  const axis = { stacked: true, ticks: { color: color('--quiet') }, grid: { color: color('--line') } };
  return {
    type: 'bar',
    data: {
      labels: days.map(({ from }) => dayWords(from)),
      datasets: roles.map((role, index) => ({
        label: role,
        data: days.map(({ counts }) => counts[index] ?? 0),
        backgroundColor: color(`--series-${(index % COLORS) + 1}`),
      })),
    },
    options: {
      animation: false,
      maintainAspectRatio: false,
      scales: { x: axis, y: { ...axis, beginAtZero: true, ticks: { ...axis.ticks, precision: 0 } } },
      plugins: { legend: { position: 'bottom', labels: { color: color('--text') } } },
    },
  };
}

/** The color that a `light-dark()` value has at an element. */
function resolved(value: string, element: HTMLElement): string {
  const before = element.style.color;
  element.style.color = value;
  const { color } = getComputedStyle(element);
  element.style.color = before;
  return color;
}
