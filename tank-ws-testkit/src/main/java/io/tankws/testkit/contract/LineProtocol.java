package io.tankws.testkit.contract;

import io.tankws.Authentication;
import io.tankws.CloseStatus;
import io.tankws.HistoryQuery;
import io.tankws.Identity;
import io.tankws.Message;
import io.tankws.Payload;
import io.tankws.PresenceEvent;
import io.tankws.PresenceMember;
import io.tankws.Publication;
import io.tankws.PublishOptions;
import io.tankws.StreamPosition;
import io.tankws.TopicAction;
import io.tankws.spi.ClientActionException;
import io.tankws.spi.ClientProtocol;
import io.tankws.spi.ConnectionEnding;
import io.tankws.spi.ProtocolConnection;
import io.tankws.spi.ProtocolEncoding;
import io.tankws.spi.ProtocolSession;
import io.tankws.spi.StartedSubscription;
import io.tankws.spi.SubscribeRequest;
import io.tankws.spi.SubscriptionEnding;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A protocol of lines, for the contract of protocols. Each line of a text is a command of words. The reply to a command
 * is a text.
 */
final class LineProtocol implements ClientProtocol {
    /** Code of the close status of each {@link ConnectionEnding}, whose name is the reason. */
    static final int ENDING_CODE = 4100;

    private final boolean late;
    final LineEncoding lines = new LineEncoding(data -> data);
    final LineEncoding loud = new LineEncoding(data -> data.toUpperCase(Locale.ROOT));
    /** Completes the commands {@code hold}. */
    final CompletableFuture<Void> held = new CompletableFuture<>();
    /** Statuses of the connections that have ended. */
    final List<CloseStatus> closed = new CopyOnWriteArrayList<>();

    final AtomicInteger ticks = new AtomicInteger();

    LineProtocol(boolean late) {
        this.late = late;
    }

    /** An encoding that counts what it encodes. */
    static final class LineEncoding implements ProtocolEncoding {
        private final Function<String, String> change;
        final AtomicInteger encoded = new AtomicInteger();

        private LineEncoding(Function<String, String> change) {
            this.change = change;
        }

        @Override
        public Optional<Message> encode(Publication publication) {
            encoded.incrementAndGet();
            return publication.payload().kind() == Payload.Kind.BINARY
                    ? Optional.empty()
                    : Optional.of(Message.text("pub " + publication.topic() + " " + entry(publication)));
        }

        private String entry(Publication publication) {
            return publication.offset() + ":"
                    + change.apply(publication.payload().asText())
                    + publication
                            .publisher()
                            .map(publisher -> " by " + publisher.userId())
                            .orElse("");
        }

        @Override
        public Optional<Message> encode(PresenceEvent event) {
            String change = event instanceof PresenceEvent.Joined ? "join " : "leave ";
            return Optional.of(
                    Message.text(change + event.topic() + " " + event.member().userId()));
        }

        @Override
        public Optional<Message> encode(Message message) {
            return message instanceof Message.Text text
                    ? Optional.of(Message.text("message " + change.apply(text.text())))
                    : Optional.empty();
        }
    }

    @Override
    public String name() {
        return "lines";
    }

    @Override
    public List<String> subprotocols() {
        return List.of("lines-loud", "lines");
    }

    @Override
    public boolean authenticatesAfterHandshake() {
        return late;
    }

    @Override
    public ProtocolSession open(ProtocolConnection connection) {
        if (connection.handshakeRequest().queryParameter("broken").isPresent()) {
            throw new IllegalStateException("broken");
        }
        return new LineSession(connection);
    }

    private final class LineSession implements ProtocolSession {
        private final ProtocolConnection connection;
        private final LineEncoding encoding;

        private LineSession(ProtocolConnection connection) {
            this.connection = connection;
            encoding = connection.subprotocol().filter("lines-loud"::equals).isPresent() ? loud : lines;
        }

        @Override
        public ProtocolEncoding encoding() {
            return encoding;
        }

        @Override
        public void onText(ByteBuffer utf8) {
            for (String line : StandardCharsets.UTF_8.decode(utf8).toString().split("\n")) {
                if (line.equals("throw")) {
                    throw new IllegalStateException("thrown");
                }
                connection.inOrder(() -> run(line.split(" ")));
            }
        }

        @Override
        public void onBinary(ByteBuffer payload) {
            connection.close(CloseStatus.UNSUPPORTED_DATA);
        }

        private void reply(String text) {
            connection.reply(Message.text(text));
        }

        private CompletionStage<?> run(String[] words) {
            CompletionStage<String> stage;
            try {
                stage = start(words);
            } catch (ClientActionException e) {
                stage = CompletableFuture.failedStage(e);
            }
            return stage.handle((text, failure) -> {
                if (failure != null) {
                    ClientActionException cause = ClientActionException.of(failure);
                    reply("error " + cause.reason() + " " + cause.getMessage());
                } else if (!text.isEmpty()) {
                    reply(text);
                }
                return null;
            });
        }

        private CompletionStage<String> start(String[] words) {
            String topic = words.length > 1 ? words[1] : "";
            return switch (words[0]) {
                case "echo" -> CompletableFuture.completedStage("echo " + topic);
                case "hold" -> held.thenApply(done -> "held " + topic);
                case "fail" -> throw new IllegalStateException("failed");
                case "connect" ->
                    CompletableFuture.completedStage(
                            connect(new Identity(topic).withInfo(Payload.text("info of " + topic))));
                case "login" ->
                    connection
                            .askAuthenticator(connection.handshakeRequest())
                            .thenApply(decision -> decision instanceof Authentication.AcceptedAs accepted
                                    ? connect(accepted.identity())
                                    : "not admitted");
                case "sub" -> connection.subscribe(request(words)).thenApply(subscription -> "");
                case "renew" ->
                    connection
                            .renew(SubscribeRequest.builder(topic, encoding)
                                    .token(words[2])
                                    .build())
                            .thenApply(permission -> "renewed " + topic);
                case "unsub" -> CompletableFuture.completedStage("unsubscribed " + connection.unsubscribe(topic));
                case "publish" ->
                    connection
                            .publish(topic, Payload.text(words[2]), PublishOptions.defaults())
                            .thenApply(position -> "published " + position.offset());
                case "history" ->
                    connection
                            .history(topic, HistoryQuery.builder().build())
                            .thenApply(result -> "history " + join(result.page().publications()));
                case "presence" ->
                    connection
                            .authorize(TopicAction.PRESENCE, topic)
                            .thenApply(permission -> "allowed "
                                    + permission.data().map(Payload::asText).orElse(""));
                case "members" ->
                    connection
                            .presence(topic)
                            .thenCombine(
                                    connection.presenceCounts(topic),
                                    (presence, counts) -> "members "
                                            + presence.members().stream()
                                                    .map(PresenceMember::userId)
                                                    .collect(Collectors.joining(","))
                                            + " " + counts.connections());
                case "say" -> CompletableFuture.completedStage("handled " + connection.handle(Message.text(topic)));
                case "paused" -> CompletableFuture.completedStage("paused " + connection.isInputPaused());
                default -> throw new IllegalArgumentException("unknown command");
            };
        }

        private String connect(Identity identity) {
            return "connected "
                    + connection.authenticate(Authentication.accepted(identity)).userId();
        }

        /** {@code sub TOPIC [EPOCH:OFFSET] [required] [events] [token=TOKEN]}. */
        private SubscribeRequest request(String[] words) {
            SubscribeRequest.Builder request = SubscribeRequest.builder(words[1], encoding)
                    .reply(started -> List.of(Message.text("subscribed " + describe(started))));
            for (int i = 2; i < words.length; i++) {
                int colon = words[i].indexOf(':');
                if (words[i].equals("events")) {
                    request.joinLeave();
                } else if (words[i].equals("required")) {
                    request.requireRecovery();
                } else if (words[i].startsWith("token=")) {
                    request.token(words[i].substring("token=".length()));
                } else {
                    request.since(new StreamPosition(
                            words[i].substring(0, colon), Long.parseLong(words[i].substring(colon + 1))));
                }
            }
            return request.build();
        }

        private String describe(StartedSubscription started) {
            return started.topic() + " " + started.position() + " " + started.isRecovered() + " "
                    + join(started.publications())
                    + started.permission()
                            .data()
                            .map(data -> " " + data.asText())
                            .orElse("");
        }

        private String join(List<Publication> publications) {
            return publications.stream().map(encoding::entry).collect(Collectors.joining(","));
        }

        @Override
        public SubscribeRequest onServerSubscribe(String topic) {
            return SubscribeRequest.builder(topic, encoding)
                    .reply(started -> List.of(Message.text("server " + describe(started))))
                    .build();
        }

        @Override
        public void onUnsubscribed(String topic, SubscriptionEnding ending) {
            reply("ended " + topic + " " + ending);
        }

        @Override
        public CloseStatus closeStatus(ConnectionEnding ending, CloseStatus status) {
            return new CloseStatus(ENDING_CODE, ending.name());
        }

        @Override
        public void onTick(long nanoTime) {
            ticks.incrementAndGet();
        }

        @Override
        public void onClose(CloseStatus status) {
            closed.add(status);
        }
    }
}
