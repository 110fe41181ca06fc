// Who looks, and what they may do. The server decides; this only spares people what it would refuse.

const ROLES = ['viewer', 'agent', 'lead', 'admin'];

export async function whoAmI() {
  const answer = await fetch('/api/me', { headers: { Accept: 'application/json' }, signal: AbortSignal.timeout(20_000) });
  if (answer.status === 401) {
    location.reload();
    return new Promise(() => {});
  }
  if (!answer.ok) throw new Error((await answer.text()).trim());
  return answer.json();
}

export const may = (me, role) => Boolean(me) && ROLES.indexOf(me.role) >= ROLES.indexOf(role);
