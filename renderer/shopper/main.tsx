import '#renderer/zod-config.ts';
import '#renderer/styles/fonts.css';
import '#renderer/tokens.css';
import '#renderer/styles/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { shopperContract } from '#contract/shopper.ts';
import { chooseChannel } from '#renderer/channel/choose-channel.ts';
import { createCoreClient } from '#renderer/till/core-client.ts';
import { ShopperPage } from './shopper-page.tsx';

const shopper = createCoreClient(shopperContract, chooseChannel(window, '/display-channel'));
const root = document.getElementById('root');
if (root === null) throw new Error('display.html has an element #root');
createRoot(root).render(
  <StrictMode>
    <ShopperPage shopper={shopper} />
  </StrictMode>,
);
