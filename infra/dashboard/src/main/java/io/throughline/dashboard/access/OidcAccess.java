package io.throughline.dashboard.access;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.GeneralException;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.AuthenticationResponse;
import com.nimbusds.openid.connect.sdk.AuthenticationResponseParser;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.SameSite;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Login at an OpenID Connect provider; who is logged in is known to this process only. Thread-safe. */
public final class OidcAccess implements Access {

    private static final String SESSION_COOKIE = "throughline_session";
    private static final String LOGIN_COOKIE = "throughline_login";
    private static final Duration LOGIN_TAKES = Duration.ofMinutes(10);
    private static final int CONNECT_MILLIS = 5_000;
    private static final int READ_MILLIS = 10_000;
    /** What somebody may be sent back to: a path of ours, never another site. */
    private static final Pattern OWN_PATH = Pattern.compile("/(?![/\\\\])[^\\s\\\\]{0,2000}");

    private final AccessSettings.Oidc settings;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final Expiring<Begun> begun = new Expiring<>(10_000);
    private final Expiring<Person> sessions = new Expiring<>(100_000);
    private volatile @Nullable OIDCProviderMetadata provider;

    private record Begun(State state, Nonce nonce, CodeVerifier verifier, String returnTo) {}

    /** Why somebody could not be logged in, in words for them. */
    public static final class LoginFailedException extends Exception {
        LoginFailedException(String message) {
            super(message);
        }

        LoginFailedException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    public OidcAccess(AccessSettings.Oidc settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public Optional<Person> person(Context request) {
        String session = request.cookie(SESSION_COOKIE);
        return session == null ? Optional.empty() : sessions.get(session, clock.instant());
    }

    @Override
    public String session(Context request) {
        String session = request.cookie(SESSION_COOKIE);
        return session == null ? "" : session;
    }

    /** Where the browser has to go to log in; remembers that it went. */
    public URI begin(Context request) throws LoginFailedException {
        String to = request.queryParam("to");
        Begun login = new Begun(
                new State(),
                new Nonce(),
                new CodeVerifier(),
                to != null && OWN_PATH.matcher(to).matches() ? to : "/");
        String id = randomId();
        begun.put(id, login, clock.instant().plus(LOGIN_TAKES));
        request.cookie(cookie(LOGIN_COOKIE, id, (int) LOGIN_TAKES.toSeconds()));
        return new AuthenticationRequest.Builder(
                        ResponseType.CODE,
                        new Scope(settings.scopes().toArray(String[]::new)),
                        new ClientID(settings.clientId()),
                        callback())
                .endpointURI(provider().getAuthorizationEndpointURI())
                .state(login.state())
                .nonce(login.nonce())
                .codeChallenge(login.verifier(), CodeChallengeMethod.S256)
                .build()
                .toURI();
    }

    /**
     * Takes the browser that the provider sent back, and logs it in.
     *
     * @return who it is
     */
    public Login finish(Context request) throws LoginFailedException {
        String id = request.cookie(LOGIN_COOKIE);
        Begun login = id == null ? null : begun.remove(id, clock.instant()).orElse(null);
        request.cookie(cookie(LOGIN_COOKIE, "", 0));
        if (login == null) {
            throw new LoginFailedException("This login was not begun in this browser, or took too long. Begin again.");
        }
        IDTokenClaimsSet claims = claims(request, login);
        Person person = person(claims);
        String session = randomId();
        sessions.put(session, person, clock.instant().plus(settings.sessionLength()));
        request.cookie(
                cookie(SESSION_COOKIE, session, (int) settings.sessionLength().toSeconds()));
        return new Login(person, login.returnTo());
    }

    /** @param returnTo path of ours that was asked for before the login */
    public record Login(Person person, String returnTo) {}

    private IDTokenClaimsSet claims(Context request, Begun login) throws LoginFailedException {
        try {
            String query = request.queryString();
            AuthenticationResponse answer =
                    AuthenticationResponseParser.parse(new URI(callback() + "?" + (query == null ? "" : query)));
            if (!login.state().equals(answer.getState())) {
                throw new LoginFailedException("The answer of the login does not belong to this browser. Begin again.");
            }
            if (!answer.indicatesSuccess()) {
                throw new LoginFailedException("The login was refused: "
                        + answer.toErrorResponse().getErrorObject().getCode());
            }
            AuthorizationCode code = answer.toSuccessResponse().getAuthorizationCode();
            TokenRequest exchange = new TokenRequest.Builder(
                            provider().getTokenEndpointURI(),
                            new ClientSecretBasic(
                                    new ClientID(settings.clientId()), new Secret(settings.clientSecret())),
                            new AuthorizationCodeGrant(code, callback(), login.verifier()))
                    .build();
            var http = exchange.toHTTPRequest();
            http.setConnectTimeout(CONNECT_MILLIS);
            http.setReadTimeout(READ_MILLIS);
            var token = OIDCTokenResponseParser.parse(http.send());
            if (!token.indicatesSuccess()) {
                throw new LoginFailedException("The provider did not accept the login: "
                        + token.toErrorResponse().getErrorObject().getCode());
            }
            return new IDTokenValidator(
                            new Issuer(settings.issuer()),
                            new ClientID(settings.clientId()),
                            JWSAlgorithm.RS256,
                            provider().getJWKSetURI().toURL())
                    .validate(
                            ((OIDCTokenResponse) token.toSuccessResponse())
                                    .getOIDCTokens()
                                    .getIDToken(),
                            login.nonce());
        } catch (ParseException | URISyntaxException | IOException e) {
            throw new LoginFailedException("The provider could not be understood: " + e.getMessage(), e);
        } catch (com.nimbusds.jose.JOSEException | com.nimbusds.jose.proc.BadJOSEException e) {
            throw new LoginFailedException("The provider's token is not to be trusted: " + e.getMessage(), e);
        }
    }

    private Person person(IDTokenClaimsSet claims) throws LoginFailedException {
        String subject = claims.getSubject().getValue();
        Object groups = claims.getClaim(settings.groupsClaim());
        List<String> named = groups instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : groups == null ? List.of() : List.of(String.valueOf(groups));
        String name = Optional.ofNullable(claims.getStringClaim("preferred_username"))
                .or(() -> Optional.ofNullable(claims.getStringClaim("name")))
                .orElse(subject);
        Role role = AccessSettings.highest(named, settings.roles());
        if (role == null) {
            throw new LoginFailedException(
                    name + " has no role here. An administrator can give one to a group of yours.");
        }
        return new Person(subject, name, role);
    }

    /** Ends the session of the browser. */
    public void logout(Context request) {
        String session = request.cookie(SESSION_COOKIE);
        if (session != null) {
            sessions.remove(session, clock.instant());
        }
        request.cookie(cookie(SESSION_COOKIE, "", 0));
    }

    @Override
    public Set<String> hosts() {
        return Set.of(settings.publicUrl().getHost());
    }

    @Override
    public Optional<String> loginPath() {
        return Optional.of("/login");
    }

    @Override
    public String kind() {
        return "oidc";
    }

    private OIDCProviderMetadata provider() throws LoginFailedException {
        OIDCProviderMetadata known = provider;
        if (known == null) {
            try {
                known = OIDCProviderMetadata.resolve(new Issuer(settings.issuer()), CONNECT_MILLIS, READ_MILLIS);
                provider = known;
            } catch (GeneralException | IOException e) {
                throw new LoginFailedException(
                        "The login provider " + settings.issuer() + " does not answer. Try again.", e);
            }
        }
        return known;
    }

    private URI callback() {
        return settings.publicUrl().resolve("/login/callback");
    }

    /** Lax, since the provider sends people here from its own site. */
    private Cookie cookie(String name, String value, int seconds) {
        boolean secure = "https".equals(settings.publicUrl().getScheme());
        return new Cookie(name, value, "/", seconds, secure, true, null, SameSite.LAX);
    }

    private String randomId() {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Values that end at a time; of too many the oldest are forgotten. */
    private static final class Expiring<V> {
        private final int most;
        private final Map<String, Held<V>> held = new LinkedHashMap<>();

        private record Held<V>(V value, Instant until) {}

        Expiring(int most) {
            this.most = most;
        }

        synchronized void put(String id, V value, Instant until) {
            held.put(id, new Held<>(value, until));
            var oldest = held.entrySet().iterator();
            while (held.size() > most && oldest.hasNext()) {
                oldest.next();
                oldest.remove();
            }
        }

        synchronized Optional<V> get(String id, Instant now) {
            Held<V> found = held.get(id);
            if (found != null && !now.isBefore(found.until())) {
                held.remove(id);
                return Optional.empty();
            }
            return found == null ? Optional.empty() : Optional.of(found.value());
        }

        synchronized Optional<V> remove(String id, Instant now) {
            Optional<V> found = get(id, now);
            held.remove(id);
            return found;
        }
    }
}
