// Where the page begins.

import 'all-styles';
import { render } from 'preact';
import { App } from './app.tsx';
import { keepTime } from './state/clock.ts';
import { keepPreferences } from './state/preferences.ts';

keepPreferences();
keepTime();
const root = document.querySelector('#app');
if (root) render(<App />, root);
