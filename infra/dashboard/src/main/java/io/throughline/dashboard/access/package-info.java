/** Who may see and do what: people, roles, login, tokens against forged requests, limits and the audit log. */
@NullMarked
package io.throughline.dashboard.access;

import org.jspecify.annotations.NullMarked;
