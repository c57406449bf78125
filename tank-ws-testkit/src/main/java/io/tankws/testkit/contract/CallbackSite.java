package io.tankws.testkit.contract;

import io.tankws.Authentication;
import io.tankws.Authenticator;
import io.tankws.ErrorCode;
import io.tankws.Manager;
import io.tankws.Upgrader;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Every place where the library calls user code, and what makes it do so. */
enum CallbackSite {
    MESSAGE_HANDLER("a message handler", Provocation.MESSAGE, ErrorCode.HANDLER_FAILED) {
        @Override
        void set(Manager.Builder settings, InjectedFault trap) {
            settings.messageHandler((client, message) -> {
                springFor(client.userId(), trap);
                client.send(message);
            });
        }
    },
    AUTHENTICATOR("an authenticator", Provocation.HANDSHAKE, ErrorCode.AUTHENTICATION_FAILED) {
        @Override
        void set(Manager.Builder settings, InjectedFault trap) {
            settings.authenticator(request -> {
                springFor(request.queryParameter("user_id").orElse(""), trap);
                return CompletableFuture.completedFuture(Authentication.accepted());
            });
        }
    },
    AUTHENTICATOR_STAGE("the stage of an authenticator", Provocation.HANDSHAKE, ErrorCode.AUTHENTICATION_FAILED) {
        @Override
        void set(Manager.Builder settings, InjectedFault trap) {
            Authenticator accepting = Authenticator.of(request -> Authentication.accepted());
            settings.authenticator(request ->
                    isVictim(request.queryParameter("user_id").orElse(""))
                            ? CompletableFuture.runAsync(trap::spring, task -> new Thread(task).start())
                                    .thenApply(nothing -> Authentication.accepted())
                            : accepting.authenticate(request));
        }
    },
    AUTH_PREDICATE("a predicate of enableAuth", Provocation.HANDSHAKE, ErrorCode.AUTHENTICATION_FAILED) {
        @Override
        void set(Manager manager, InjectedFault trap) {
            manager.enableAuth(request -> {
                springFor(request.queryParameter("user_id").orElse(""), trap);
                return true;
            });
        }
    },
    ORIGIN_RULE("an origin rule", Provocation.HANDSHAKE, ErrorCode.AUTHENTICATION_FAILED) {
        @Override
        void set(Manager manager, InjectedFault trap) {
            manager.setCustomUpgrader(Upgrader.defaults().withOriginRule(request -> {
                springFor(request.queryParameter("user_id").orElse(""), trap);
                return true;
            }));
        }
    },
    ROUTE("a connection handler", Provocation.ROUTE, null),
    EVENTS_ON_SUBSCRIBE("onSubscribe of connection events", Provocation.NONE, ErrorCode.HANDLER_FAILED) {
        @Override
        void set(Manager manager, InjectedFault trap) {
            manager.connectionEvents().subscribe(new FaultingSubscriber<>(FaultingSubscriber.Step.SUBSCRIBE, trap));
        }
    },
    EVENTS_ON_NEXT("onNext of connection events", Provocation.CONNECT, ErrorCode.HANDLER_FAILED) {
        @Override
        void set(Manager manager, InjectedFault trap) {
            manager.connectionEvents().subscribe(new FaultingSubscriber<>(FaultingSubscriber.Step.NEXT, trap));
        }
    },
    EVENTS_ON_ERROR("onError of connection events", Provocation.CONNECT, ErrorCode.HANDLER_FAILED) {
        @Override
        void set(Manager manager, InjectedFault trap) {
            manager.connectionEvents().subscribe(new FaultingSubscriber<>(FaultingSubscriber.Step.ERROR, trap));
        }
    },
    EVENTS_ON_COMPLETE("onComplete of connection events", Provocation.SHUTDOWN, ErrorCode.HANDLER_FAILED) {
        @Override
        void set(Manager manager, InjectedFault trap) {
            manager.connectionEvents().subscribe(new FaultingSubscriber<>(FaultingSubscriber.Step.COMPLETE, trap));
        }
    },
    ERRORS_ON_SUBSCRIBE("onSubscribe of errors", Provocation.NONE, ErrorCode.HANDLER_FAILED) {
        @Override
        void set(Manager manager, InjectedFault trap) {
            manager.errors().subscribe(new FaultingSubscriber<>(FaultingSubscriber.Step.SUBSCRIBE, trap));
        }
    },
    ERRORS_ON_NEXT("onNext of errors", Provocation.ERROR, ErrorCode.HANDLER_FAILED) {
        @Override
        void set(Manager manager, InjectedFault trap) {
            manager.errors().subscribe(new FaultingSubscriber<>(FaultingSubscriber.Step.NEXT, trap));
        }
    },
    ERRORS_ON_ERROR("onError of errors", Provocation.ERROR, ErrorCode.HANDLER_FAILED) {
        @Override
        void set(Manager manager, InjectedFault trap) {
            manager.errors().subscribe(new FaultingSubscriber<>(FaultingSubscriber.Step.ERROR, trap));
        }
    },
    ERRORS_ON_COMPLETE("onComplete of errors", Provocation.SHUTDOWN, ErrorCode.HANDLER_FAILED) {
        @Override
        void set(Manager manager, InjectedFault trap) {
            manager.errors().subscribe(new FaultingSubscriber<>(FaultingSubscriber.Step.COMPLETE, trap));
        }
    };

    /** Events that make the library call the code. */
    enum Provocation {
        NONE,
        MESSAGE,
        HANDSHAKE,
        ROUTE,
        CONNECT,
        ERROR,
        SHUTDOWN
    }

    private static final String VICTIM = "victim";

    private final String title;
    private final Provocation provocation;
    private final @Nullable ErrorCode reportedAs;

    CallbackSite(String title, Provocation provocation, @Nullable ErrorCode reportedAs) {
        this.title = title;
        this.provocation = provocation;
        this.reportedAs = reportedAs;
    }

    /** Before the manager is made. */
    void set(Manager.Builder settings, InjectedFault trap) {}

    /** Once it runs. */
    void set(Manager manager, InjectedFault trap) {}

    static boolean isVictim(String userId) {
        return userId.equals(VICTIM);
    }

    private static void springFor(String userId, InjectedFault trap) {
        if (isVictim(userId)) {
            trap.spring();
        }
    }

    String title() {
        return title;
    }

    Provocation provocation() {
        return provocation;
    }

    /** Returns the error that reports an exception of the code, or empty if no manager takes part. */
    Optional<ErrorCode> reportedAs() {
        return Optional.ofNullable(reportedAs);
    }
}
