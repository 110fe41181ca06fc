// Who looked at whom, and who took what away.

import { html } from 'lit';
import { dateTime, millis, words } from '../format.js';
import { asked, empty, saveTableButton } from '../lists.js';
import { noteAnd, regardless, scrollingTable } from '../panels.js';

export function audit(page) {
  const held = page.data.get('audit', '/api/audit', { keep: true });
  return asked({
    name: 'audit',
    title: 'Audit log',
    note: noteAnd('the newest 500 entries of this process; the file has all', regardless(page, { now: true, channel: true })),
    tools: saveTableButton('audit'),
    held,
    page,
    content: (entries) =>
      entries.length
        ? scrollingTable(
            'Audit log, newest first',
            'evidence',
            html`<thead>
              <tr><th scope="col">When</th><th scope="col">Who</th><th scope="col">Role</th><th scope="col">What</th><th scope="col">Of</th><th scope="col">Outcome</th><th scope="col">From</th></tr>
            </thead>
            <tbody>
              ${entries.map(
                (entry) => html`<tr>
                  <td>${dateTime(millis(entry.time))}</td><td>${entry.person}</td><td>${entry.role}</td><td>${words(entry.action)}</td>
                  <td><code>${entry.subject}</code></td><td>${entry.outcome}</td><td>${entry.address}</td>
                </tr>`,
              )}
            </tbody>`,
          )
        : empty('Nothing was looked up yet'),
  });
}
