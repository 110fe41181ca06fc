package io.throughline.dashboard;

import io.throughline.dashboard.access.AccessSettings;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where to read and where to serve whom.
 *
 * @param elasticsearch http or https, without user or password; what messages name where a client is handed in
 * @param host a name or address of this machine; without access configured, of the loopback interface
 * @param port 0: any free one
 * @param auditLog appended to; null, for the local demo only: entries are kept in memory
 */
public record DashboardSettings(
        URI elasticsearch, String host, int port, AccessSettings access, @Nullable Path auditLog) {

    public DashboardSettings {
        String scheme = elasticsearch.getScheme();
        if (!("http".equals(scheme) || "https".equals(scheme)) || elasticsearch.getHost() == null) {
            throw new IllegalArgumentException(
                    "--elasticsearch must be an address like http://127.0.0.1:9200, not " + withoutUser(elasticsearch));
        }
        if (elasticsearch.getUserInfo() != null) {
            throw new IllegalArgumentException(
                    "--elasticsearch must not contain a user or password: everybody on this machine can read them.");
        }
        boolean loopback = isLoopback(host);
        if (access instanceof AccessSettings.Local) {
            if (!loopback) {
                throw new IllegalArgumentException("--host " + host
                        + " would show customers' data to the network without a login. Configure dashboard.access"
                        + " (proxy or oidc) in the file given with --config, or use --host 127.0.0.1 and reach it"
                        + " from elsewhere through an SSH tunnel.");
            }
        } else if (auditLog == null) {
            throw new IllegalArgumentException(
                    "dashboard.audit_log must name a file: with access configured, look-ups are written down.");
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("--port must be between 0 and 65535, not " + port);
        }
    }

    /** The local demo: this machine only, without a login. */
    public DashboardSettings(URI elasticsearch, String host, int port) {
        this(elasticsearch, host, port, new AccessSettings.Local(), null);
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException unknown) {
            throw new IllegalArgumentException(
                    "--host " + host + " is not a name or address of this machine.", unknown);
        }
    }

    private static String withoutUser(URI address) {
        return address.toString().replaceFirst("//[^/@]*@", "//");
    }
}
