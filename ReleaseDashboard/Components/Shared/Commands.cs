using Microsoft.AspNetCore.Components.Authorization;
using MudBlazor;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Runs;

namespace ReleaseDashboard.Components.Shared;

/// <summary>Carries out commands in the name of the signed-in user and says a refusal as a sentence.</summary>
public sealed class Commands(IRunService runs, AuthenticationStateProvider users, ISnackbar snackbar)
{
    public IRunService Runs => runs;

    public async Task<Actor> ActorAsync()
    {
        var user = (await users.GetAuthenticationStateAsync()).User;
        return user.Identity?.Name is { Length: > 0 } name ? new Actor(name) : Actor.Owner;
    }

    /// <param name="key">The same for every click of one dialog: a double click is one command.</param>
    public async Task<CommandContext> ContextAsync(string trigger, string key) => new(await ActorAsync(), trigger, key);

    /// <summary>For commands without a dialog. Returns the outcome after telling the user when it was refused.</summary>
    public Task<Outcome<T>> SayAsync<T>(string trigger, string? done, Func<IRunService, CommandContext, Task<Outcome<T>>> command) =>
        SayAsync(trigger, _ => done, command);

    /// <param name="done">What to tell of the result; null tells nothing.</param>
    public async Task<Outcome<T>> SayAsync<T>(string trigger, Func<T, string?> done, Func<IRunService, CommandContext, Task<Outcome<T>>> command)
    {
        var outcome = await command(runs, await ContextAsync(trigger, Guid.NewGuid().ToString("N")));
        if (!outcome.Accepted) snackbar.Add(outcome.Refusal.Message, Severity.Error);
        else if (done(outcome.Value) is { } sentence) snackbar.Add(sentence, Severity.Success);
        return outcome;
    }
}
