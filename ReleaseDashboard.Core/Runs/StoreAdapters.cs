using ReleaseDashboard.Core.Live;
using ReleaseDashboard.Core.Secrets;
using ReleaseDashboard.Core.Store;

namespace ReleaseDashboard.Core.Runs;

/// <summary>Tells the feed what the store committed. The store itself knows no other room.</summary>
internal sealed class ChangePublisher(IChangeFeed feed) : IStoreListener
{
    public void Changed(IReadOnlyCollection<StoreChange> changes)
    {
        foreach (var change in changes) feed.Publish(Key(change));
    }

    private static string Key(StoreChange change) => change.Subject switch
    {
        StoreSubject.Queue => ChangeKeys.Queue,
        StoreSubject.Applications => ChangeKeys.Applications,
        StoreSubject.Environments => ChangeKeys.Environments,
        StoreSubject.Activity => ChangeKeys.Activity,
        StoreSubject.Application => ChangeKeys.Application(change.Id),
        StoreSubject.Environment => ChangeKeys.Environment(change.Id),
        StoreSubject.Deployment => ChangeKeys.Deployment(long.Parse(change.Id)),
        StoreSubject.Build => ChangeKeys.Build(long.Parse(change.Id)),
        StoreSubject.Run => ChangeKeys.Run(long.Parse(change.Id)),
        _ => throw new InvalidOperationException($"{change.Subject} has no key."),
    };
}

/// <summary>What the database must not show in clear goes through the vault.</summary>
internal sealed class VaultProtection(ISecretVault vault) : ITextProtection
{
    public string Protect(string clear) => vault.Protect(clear);

    public string Unprotect(string secret) => vault.Unprotect(secret);
}
