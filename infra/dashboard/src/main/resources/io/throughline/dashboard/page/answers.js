// One answer to a survey, in the customer's own words where there are any.

import { html, nothing } from 'lit';
import { channelTag } from './alerts.js';
import { dateTime, millis, words } from './format.js';

export const answer = (touchpoint, extra = nothing) => html`<li>
  <p class="answer-head">
    <b>${(touchpoint.survey.metric ?? '').toUpperCase()} ${touchpoint.survey.score ?? '–'}</b>
    <span class="faint">of ${touchpoint.survey.scale_min}–${touchpoint.survey.scale_max}${touchpoint.survey.direction === 'lower_is_better' ? ', low is good' : ''}</span>
    ${channelTag(touchpoint.survey.about?.channel ?? touchpoint.channel)}
    ${touchpoint.topic ? html`<span>${words(touchpoint.topic)}</span>` : nothing}
    <span class="faint">${dateTime(millis(touchpoint.event_time))}</span>
    ${extra}
  </p>
  ${touchpoint.survey.verbatim ? html`<blockquote dir="auto">${touchpoint.survey.verbatim}</blockquote>` : nothing}
</li>`;
