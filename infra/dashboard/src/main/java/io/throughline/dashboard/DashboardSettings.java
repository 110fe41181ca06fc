package io.throughline.dashboard;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;

/**
 * Where to read and where to serve.
 *
 * @param elasticsearch http or https, without user or password
 * @param host a name or address of the loopback interface
 * @param port 0: any free one
 */
public record DashboardSettings(URI elasticsearch, String host, int port) {

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
        requireLoopback(host);
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("--port must be between 0 and 65535, not " + port);
        }
    }

    private static void requireLoopback(String host) {
        boolean loopback;
        try {
            loopback = InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException unknown) {
            throw new IllegalArgumentException(
                    "--host " + host + " is not a name or address of this machine.", unknown);
        }
        if (!loopback) {
            throw new IllegalArgumentException("--host " + host
                    + " would show customers' data to the network without a login. This version serves this machine"
                    + " only: use --host 127.0.0.1, and reach it from elsewhere through an SSH tunnel.");
        }
    }

    private static String withoutUser(URI address) {
        return address.toString().replaceFirst("//[^/@]*@", "//");
    }
}
