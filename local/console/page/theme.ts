/** Dark or light: what was chosen last time, else what the system says. Runs before the first paint. */
const chosen = localStorage.getItem('theme');
if (chosen === 'dark' || chosen === 'light') document.documentElement.dataset['theme'] = chosen;
