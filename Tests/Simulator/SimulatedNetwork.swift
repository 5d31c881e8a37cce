// SPDX-License-Identifier: Apache-2.0

import CognitoAuth
import SecretMemory

/// The way to Cognito and back, which loses, delays and doubles what goes over it.
final class SimulatedNetwork: CognitoTransport {
    var isOnline = true
    private unowned(unsafe) let world: World

    init(_ world: World) { self.world = world }

    private enum Operation {
        case globalSignOut(Int)
        case revokeToken(Int)
        case refresh(Int)
        case getUser(Int)
        case exchange(CodeExchange)

        init?(_ request: CognitoRequest) {
            guard let target = request.headers.first else { return nil }
            let body = request.body
            let refresh = Wire.refreshTokens(in: body).first
            let access = body.withBytes { Wire.accessTokens(in: $0) }.first
            if target.hasSuffix(".RevokeToken"), let refresh {
                self = .revokeToken(refresh)
            } else if target.hasSuffix(".GetTokensFromRefreshToken"), let refresh {
                self = .refresh(refresh)
            } else if target.hasSuffix(".GlobalSignOut"), let access {
                self = .globalSignOut(access)
            } else if target.hasSuffix(".GetUser"), let access {
                self = .getUser(access)
            } else {
                return nil
            }
        }
    }

    func post(_ request: CognitoRequest, _ limit: WaitLimit) throws(TransportFailure) -> CognitoReply {
        let world = world
        world.step()
        guard let run = world.current, !world.isCurrentDead else {
            throw TransportFailure(.networkFailed, wasSent: false)
        }
        if limit.isCancelled { throw TransportFailure(.cancelled, wasSent: false) }
        if world.now >= limit.deadline { throw TransportFailure(.networkTimedOut, wasSent: false) }
        guard let operation = Operation(request) ?? world.hostedUI.exchange(request).map(Operation.exchange) else {
            world.violate("a request is none of Cognito's operations")
            throw TransportFailure(.networkFailed, wasSent: false)
        }
        world.noticeWhoIsBeside()
        world.trace("    network: \(operation)")
        check(operation, run)
        guard isOnline else {
            leave(operation, run)
            throw TransportFailure(.hostNotFound, wasSent: false)
        }
        if case .exchange(let exchange) = operation { world.hostedUI.send(exchange, run) }
        world.wait(Int64(1 + world.random.below(100)), limit)
        if let reply = try fail(operation, run, limit) { return reply }
        return try answered(operation, request, run, limit)
    }

    /// Where it does not come to an answer of Cognito's; nil where it does.
    private func fail(
        _ operation: Operation, _ run: Run, _ limit: WaitLimit
    ) throws(TransportFailure) -> CognitoReply? {
        let world = world
        if world.happens(.requestIsLost) {
            run.hasLostAnswer = true
            leave(operation, run, isLost: true)
            throw TransportFailure(.connectionLost, "reset", wasSent: true)
        }
        if world.happens(.serverIsBusy) {
            leave(operation, run)
            return busy()
        }
        if world.happens(.requestIsLate) {
            leave(operation, run, isLost: true)
            world.late.append(Late { [self] in _ = carryOut(operation, run, isLate: true) })
            throw timedOut(limit)
        }
        if world.happens(.serverStalls) {
            leave(operation, run, isLost: true)
            if world.random.isOneIn(2) { lose(carryOut(operation, run), run) }
            throw timedOut(limit)
        }
        if world.happens(.gatewayAnswers) {
            leave(operation, run)
            if world.random.isOneIn(2) { lose(carryOut(operation, run), run) }
            return reply(503, "<html>Service Unavailable</html>", nil)
        }
        return nil
    }

    private func check(_ operation: Operation, _ run: Run) {
        var revoked: Int?
        switch operation {
        case .revokeToken(let token): revoked = token
        case .refresh(let token):
            if run.lostRefreshes.contains(token), !run.wasBeside {
                world.violate("sent a refresh again whose answer was lost")
            }
        case .globalSignOut(let access):
            if run.call == .resume { world.checkAge(ofSignOutWith: access, run) }
        case .getUser, .exchange: break
        }
        world.checkWritten(beforeRequestOf: run, revoking: revoked)
    }

    /// The call knows that it can be done still, or where it is lost, nothing of it.
    private func leave(_ operation: Operation, _ run: Run, isLost: Bool = false) {
        switch operation {
        case .globalSignOut(let access):
            run.heldBack.append(world.cognito.family(ofAccess: access))
            if isLost { run.hasLostGlobalSignOut = true }
        case .refresh(let token):
            if isLost { run.lostRefreshes.append(token) }
        case .revokeToken, .getUser, .exchange: break
        }
    }

    /// The call was told what Cognito did.
    private func tell(_ operation: Operation, _ answer: SimulatedCognito.Answer, _ run: Run) {
        switch (operation, answer) {
        case (.globalSignOut(let access), _):
            run.heldBack.removeAll { $0 == world.cognito.family(ofAccess: access) }
            // Two sign-outs of one session may have it open.
            let isOnce = world.keyring.unfinished().filter { $0.content.open == access }.count == 1
            if case .success = answer, isOnce { run.globallySignedOut = access }
        case (.revokeToken(let token), .success): run.toldRevoked.append(token)
        case (.revokeToken, _), (.refresh, _), (.getUser, _), (.exchange, _): break
        }
    }

    private func answered(
        _ operation: Operation, _ request: CognitoRequest, _ run: Run, _ limit: WaitLimit
    ) throws(TransportFailure) -> CognitoReply {
        let (answer, minted) = carryOut(operation, run)
        if request.isRepeatable, world.happens(.requestIsDoubled) {
            world.late.append(Late { [self] in _ = carryOut(operation, run, isLate: true) })
        }
        let isLost = world.happens(.answerIsLost)
        let isUnreadable = world.happens(.answerIsUnreadable)
        if isLost || isUnreadable {
            lose((answer, minted), run)
            leave(operation, run, isLost: true)
        } else if let minted {
            run.minted.append(minted)
        }
        world.step()
        if run.program.isDead { throw TransportFailure(.networkFailed, wasSent: true) }
        if isLost { throw TransportFailure(.connectionLost, "reset", wasSent: true) }
        if limit.isCancelled && request.patience == 0 {
            leave(operation, run)
            throw TransportFailure(.cancelled, wasSent: true)
        }
        if isUnreadable { return reply(200, "<html>Welcome to the network of this hotel</html>", nil) }
        tell(operation, answer, run)
        return reply(answer, to: request)
    }

    /// What a refresh brought is in nobody's hands.
    private func lose(_ carriedOut: (SimulatedCognito.Answer, minted: Int?), _ run: Run) {
        run.hasLostAnswer = true
        guard let minted = carriedOut.minted else { return }
        run.lost.append(minted)
        world.cognito.excuse(minted)
    }

    private func carryOut(
        _ operation: Operation, _ run: Run, isLate: Bool = false
    ) -> (SimulatedCognito.Answer, minted: Int?) {
        let cognito = world.cognito
        let carriedOut: (SimulatedCognito.Answer, minted: Int?)
        switch operation {
        case .globalSignOut(let access):
            let (answer, family) = cognito.globalSignOut(access)
            if let family {
                world.endedEverySession(of: family.user, with: family, by: run, isLate: isLate)
            }
            carriedOut = (answer, nil)
        case .revokeToken(let token):
            let wasLive = cognito.isLive(token)
            let answer = cognito.revoke(token)
            if case .success = answer { world.revoked(token, wasLive: wasLive, by: run) }
            carriedOut = (answer, nil)
        case .refresh(let token):
            carriedOut = cognito.refresh(token)
            if isLate { lose(carriedOut, run) }
        case .getUser(let access): carriedOut = (cognito.getUser(access), nil)
        case .exchange(let exchange):
            carriedOut = world.hostedUI.carryOut(exchange)
            if isLate { lose(carriedOut, run) }
        }
        world.trace("    Cognito: \(carriedOut)\(isLate ? " (late)" : "")")
        return carriedOut
    }

    private func timedOut(_ limit: WaitLimit) -> TransportFailure {
        world.current?.hasLostAnswer = true
        let isCancelled = world.waitInVain(limit).status == .cancelled
        return TransportFailure(isCancelled ? .cancelled : .networkTimedOut, wasSent: true)
    }

    private func busy() -> CognitoReply {
        switch world.random.below(3) {
        case 0: exception("TooManyRequestsException", "Rate exceeded", 400)
        case 1: exception("InternalErrorException", "Something went wrong", 500)
        default: exception("ForbiddenException", "Request not allowed by WAF", 403)
        }
    }

    private func reply(_ answer: SimulatedCognito.Answer, to request: CognitoRequest) -> CognitoReply {
        switch answer {
        case .success(let body): return reply(200, body, nil)
        case .exception(let name, let code) where request.url.hasSuffix("oauth2/token"):
            return reply(400, #"{"error":"\#(name)","error_description":"\#(code) is not good"}"#, nil)
        case .exception(let name, let message):
            // Servers echo what they were sent.
            let token = Wire.refreshTokens(in: request.body).first
            guard let token, world.random.isOneIn(4) else { return exception(name, message, 400) }
            // Some of them cut it short.
            let echo = Wire.refreshToken(token)
            let length = world.random.isOneIn(2) ? echo.utf8.count : 25
            return exception(name, message + ": " + echo.prefix(length), 400)
        }
    }

    private func exception(_ name: String, _ message: String, _ httpStatus: Int) -> CognitoReply {
        reply(httpStatus, #"{"__type":"\#(name)","message":"\#(message)"}"#, name + ":")
    }

    private func reply(_ httpStatus: Int, _ body: String, _ errorType: String?) -> CognitoReply {
        CognitoReply(httpStatus: httpStatus, errorType: errorType, body: SecretBytes(copying: body))
    }
}
