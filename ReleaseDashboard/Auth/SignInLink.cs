using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Store;
using ReleaseDashboard.Hosting;

namespace ReleaseDashboard.Auth;

/// <summary>Makes and prints the owner's sign-in link at every start. The link of the start before stops working.</summary>
internal sealed class SignInLink(ITokenStore tokens, PublicAddress address) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Once the server listens: before that the link would lead nowhere, and the port may not be known.</summary>
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        var secret = TokenCheck.NewSecret();
        await tokens.SaveTokenAsync(Actor.Owner.Name, TokenCheck.SignInKind, secret, expiresAt: null, cancellationToken);
        // Not a log line: it is for the person who started the dashboard, and logs are kept.
        Console.WriteLine($"Sign in: {address.Url}/login?t={secret}");
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
