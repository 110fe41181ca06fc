// How customers fare at this moment, at a glance.

import { html } from 'lit';
import { alerts } from '../alerts.js';
import { drivers } from '../drivers.js';
import { expectations } from '../expectations.js';
import { scores } from '../scores.js';
import { service } from '../service.js';
import { sessions } from '../sessions.js';
import { throughput } from '../throughput.js';

export const overview = (page) => html`${scores(page)}
  <div class="board">${throughput(page)} ${alerts(page)} ${sessions(page)} ${service(page)} ${expectations(page)} ${drivers(page)}</div>`;
