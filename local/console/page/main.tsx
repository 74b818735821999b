import './styles/tokens.css';
import './styles/base.css';
import './styles/shell.css';
import './styles/map.css';
import './styles/panel.css';
import './styles/service.css';
import './styles/logs.css';
import './styles/traces.css';
import { render } from 'preact';
import { App } from './app.tsx';
import { goLive } from './state/live.ts';

goLive();
const page = document.getElementById('page');
if (page !== null) render(<App />, page);
