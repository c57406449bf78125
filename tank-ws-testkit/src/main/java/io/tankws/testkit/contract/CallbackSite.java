package io.tankws.testkit.contract;

import io.tankws.Authentication;
import io.tankws.Authenticator;
import io.tankws.ErrorCode;
import io.tankws.Manager;
import io.tankws.Upgrader;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Every place where the library calls user code, and what makes it do so. */
enum CallbackSite {
    CallbackSiteER("a message handler", Provocation.MESSAGE, ErrorCode.HANDLER_FAILED) {
        @Override
        void set(Manager.Builder settings, InjectedFault trap) {
            settings.messageHandler((client, message) -> {
                springFor(client.userId(), trap);
                client.send(message);
            });
        }
    },
    CallbackSite("an authenticator", Provocation.HANDSHAKE, ErrorCode.AUTHENTICATION_FAILED) {
        @Override
        void set(Manager.Builder settings, InjectedFault trap) {
            settings.authenticator(request -> {
                springFor(request.queryParameter("user_id").orElse(""), trap);
                return CompletableFuture.completedFuture(Authentication.accepted());
            });
        }
    },
    CallbackSite_STAGE("the stage of an authenticator", Provocation.HANDSHAKE, ErrorCode.AUTHENTICATION_FAILED) {
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
    CallbackSiteE("a predicate of enableAuth", Provocation.HANDSHAKE, ErrorCode.AUTHENTICATION_FAILED) {
        @Override
        void set(Manager manager, InjectedFault trap) {
            manager.enableAuth(request -> {
                springFor(request.queryParameter("user_id").orElse(""), trap);
                return true;
            });
        }
    },
    CallbackSitean origin rule", Provocation.HANDSHAKE, ErrorCode.AUTHENTICATION_FAILED) {
        @Override
        void set(Manager manager, InjectedFault trap) {
            manager.setCustomUpgrader(Upgrader.defaults().withOriginRule(request -> {
                springFor(request.queryParameter("user_id").orElse(""), trap);
                return true;
            }));
        }
    },
    CallbackSiteection handler", Provocation.ROUTE, null),
    CallbackSiteSCRIBE("onSubscribe of connection events", Provocation.NONE, ErrorCode.HANDLER_FAILED) {
        @Override
        void set(Manager manager, InjectedFault trap) {
            manager.connectionEvents().subscribe(new FaultingSubscriber<>(FaultingSubscriber.Step.SUBSCRIBE, trap));
        }
    },
    CallbackSiteT("onNext of connection events", Provocation.CONNECT, ErrorCode.HANDLER_FAILED) {
        @Override
        void set(Manager manager, InjectedFault trap) {
            manager.connectionEvents().subscribe(new FaultingSubscriber<>(FaultingSubscriber.Step.NEXT, trap));
        }
    },
    CallbackSiteOR("onError of connection events", Provocation.CONNECT, ErrorCode.HANDLER_FAILED) {
        @Override
        void set(Manager manager, InjectedFault trap) {
            manager.connectionEvents().subscribe(new FaultingSubscriber<>(FaultingSubscriber.Step.ERROR, trap));
        }
    },
    CallbackSitePLETE("onComplete of connection events", Provocation.SHUTDOWN, ErrorCode.HANDLER_FAILED) {
        @Override
        void set(Manager manager, InjectedFault trap) {
            manager.connectionEvents().subscribe(new FaultingSubscriber<>(FaultingSubscriber.Step.COMPLETE, trap));
        }
    },
    CallbackSiteSCRIBE("onSubscribe of errors", Provocation.NONE, ErrorCode.HANDLER_FAILED) {
        @Override
        void set(Manager manager, InjectedFault trap) {
            manager.errors().subscribe(new FaultingSubscriber<>(FaultingSubscriber.Step.SUBSCRIBE, trap));
        }
    },
    CallbackSiteT("onNext of errors", Provocation.ERROR, ErrorCode.HANDLER_FAILED) {
        @Override
        void set(Manager manager, InjectedFault trap) {
            manager.errors().subscribe(new FaultingSubscriber<>(FaultingSubscriber.Step.NEXT, trap));
        }
    },
    CallbackSiteOR("onError of errors", Provocation.ERROR, ErrorCode.HANDLER_FAILED) {
        @Override
        void set(Manager manager, InjectedFault trap) {
            manager.errors().subscribe(new FaultingSubscriber<>(FaultingSubscriber.Step.ERROR, trap));
        }
    },
    CallbackSitePLETE("onComplete of errors", Provocation.SHUTDOWN, ErrorCode.HANDLER_FAILED) {
        @Override
        void set(Manager manager, InjectedFault trap) {
            manager.errors().subscribe(new FaultingSubscriber<>(FaultingSubscriber.Step.COMPLETE, trap));
        }
    };

    /** What makes the library call the code. */
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
    private final ErrorCode reportedAs;

    CallbackSite(String title, Provocation provocation, ErrorCode reportedAs) {
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

    /** The error that tells of a throw; empty where no manager is asked. */
    Optional<ErrorCode> reportedAs() {
        return Optional.ofNullable(reportedAs);
    }
}
