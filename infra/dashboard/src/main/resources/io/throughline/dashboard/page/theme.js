// Light, dark, or what the system says.

const dark = matchMedia('(prefers-color-scheme: dark)');
const THEMES = ['system', 'light', 'dark'];

export function chosenTheme() {
  return document.documentElement.dataset.theme ?? 'system';
}

export function nextTheme() {
  const next = THEMES[(THEMES.indexOf(chosenTheme()) + 1) % THEMES.length];
  if (next === 'system') {
    delete document.documentElement.dataset.theme;
  } else {
    document.documentElement.dataset.theme = next;
  }
  try {
    localStorage.setItem('throughline.theme', next);
  } catch {
    // Not remembered where storage is forbidden.
  }
  announce();
}

/** Calls back whenever the colours change, whoever changed them. */
export function onThemeChange(callback) {
  listeners.add(callback);
  return () => listeners.delete(callback);
}

/** The value of a custom property as it is now. */
export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

const listeners = new Set();
const announce = () => listeners.forEach((listener) => listener());
dark.addEventListener('change', announce);
