import './zod-config.ts';
import './styles/fonts.css';
import './tokens.css';
import './styles/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { createCounter } from './cashier/counter.ts';
import { chooseChannel } from './channel/choose-channel.ts';
import { createTillClient } from './till/till-client.ts';

const till = createTillClient(chooseChannel(window, '/channel'));
const counter = createCounter(till);
const root = document.getElementById('root');
if (root === null) throw new Error('index.html has an element #root');
createRoot(root).render(
  <StrictMode>
    <App till={till} counter={counter} />
  </StrictMode>,
);
