// Times of lines and durations of groups.

export const TIMES = ['off', 'absolute', 'relative', 'since start'];

/** A function from a line's time to what is shown of it; null for nothing. */
export function clock(mode, startedAt) {
  if (mode === 'absolute') return absolute;
  if (mode === 'relative') return iso => ago(Date.now() - Date.parse(iso));
  if (mode === 'since start') return iso => (startedAt === null ? '' : since(Date.parse(iso) - startedAt));
  return null;
}

const pad = (value, width = 2) => String(value).padStart(width, '0');

function absolute(iso) {
  const at = new Date(iso);
  return `${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}.${pad(at.getMilliseconds(), 3)}`;
}

function ago(ms) {
  const s = Math.max(0, Math.floor(ms / 1000)), m = Math.floor(s / 60), h = Math.floor(m / 60), d = Math.floor(h / 24);
  return `${s < 60 ? `${s} s` : m < 60 ? `${m} min` : h < 24 ? `${h} h ${m % 60} min` : `${d} d ${h % 24} h`} ago`;
}

function since(ms) {
  const all = Math.max(0, ms);
  const h = Math.floor(all / 3_600_000), m = Math.floor(all / 60_000) % 60, s = Math.floor(all / 1000) % 60;
  return `+${h > 0 ? `${h}:${pad(m)}` : m}:${pad(s)}.${pad(Math.floor(all % 1000), 3)}`;
}

/** How long a group took, or takes so far. */
export function took(group) {
  if (!group.startedAt || (!group.finishedAt && !group.running)) return '';
  const ms = Math.max(0, (group.finishedAt ? Date.parse(group.finishedAt) : Date.now()) - Date.parse(group.startedAt));
  const s = Math.floor(ms / 1000);
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : s < 60 ? `${s} s` : s < 3600 ? `${Math.floor(s / 60)} min ${s % 60} s` : `${Math.floor(s / 3600)} h ${Math.floor(s / 60) % 60} min`;
}
