using Microsoft.AspNetCore.Components;
using MudBlazor;
using ReleaseDashboard.Components.Shared;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Views;

namespace ReleaseDashboard.Components.Environments;

/// <summary>What would be deployed and what that would do; one button does it.</summary>
public sealed partial class DeployDialog
{
    private const string FormId = "deploy";
    private const int Offered = 20;
    private const int MostPages = 5;
    private readonly string _key = Guid.NewGuid().ToString("N");
    private IReadOnlyList<Build> _builds = [];
    private long? _build;
    private Plan? _plan;
    private Refusal? _planRefusal;
    private Refusal? _refusal;
    private bool _busy;

    [Parameter, EditorRequired] public required EnvironmentView View { get; set; }
    [CascadingParameter] private IMudDialogInstance? Window { get; set; }
    [Inject] public required Commands Commands { get; init; }
    [Inject] public required IDashboardViews Views { get; init; }

    private GitCommit? Newest => View.NewerCommit ?? View.Commit;

    private bool Paused => View.Environment.Phase == EnvironmentPhase.Paused;

    private Stage Stage => View.Environment.SetupSucceeded && !Paused ? Stage.Patch : Stage.Setup;

    private string Heading => this switch
    {
        { Stage: Stage.Patch } => "What the patch will do",
        { Paused: true } => "What the setup will do: the environment is paused, and setup starts it again",
        _ => "What setup will do: it has not succeeded yet, so it comes first",
    };

    private string Expectation
    {
        get
        {
            var typical = View.Current?.Runs.Where(r => r.Run.Stage == Stage || (r.Run.Stage == Stage.Build && _build is null)).Select(r => r.Typical).ToList();
            var time = typical is { Count: > 0 } && typical.Any(t => t is not null)
                ? $"Expected time: about {Words.Duration(TimeSpan.FromTicks(typical.Sum(t => t?.Ticks ?? 0)))}, from earlier runs. "
                : "";
            var images = View.NewerCommit is null || _build is not null ? "" : "Images of the new commit are built first; the plan may then swap more. ";
            return time + images + (Stage == Stage.Patch ? "No downtime is expected: a service is swapped only when its new instance is ready." : "The environment answers when setup has succeeded.");
        }
    }

    protected override async Task OnInitializedAsync()
    {
        _builds = await SucceededAsync();
        await PlanAsync();
    }

    private async Task PlanAsync()
    {
        var build = _build;
        (_plan, _planRefusal) = (null, null);
        var plan = await Commands.Runs.PlanAsync(View.Environment.Id, Stage, build, CancellationToken.None);
        if (build == _build) (_plan, _planRefusal) = (plan.Value, plan.Refusal);
    }

    private async Task<IReadOnlyList<Build>> SucceededAsync()
    {
        var found = new List<Build>();
        Page<Build>? page = null;
        for (var read = 0; read < MostPages && found.Count < Offered && (page is null || page.NextCursor is not null); read++)
        {
            page = await Views.BuildsAsync(View.Environment.Application, new PageRequest(100, page?.NextCursor), CancellationToken.None);
            found.AddRange(page.Items.Where(b => b.Status == RunStatus.Succeeded));
        }

        return [.. found.Take(Offered)];
    }

    private async Task DeployAsync()
    {
        if (_busy) return;
        _busy = true;
        try
        {
            var context = await Commands.ContextAsync("deploy", $"{_key}-{_build}");
            var outcome = await Commands.Runs.DeployAsync(View.Environment.Id, null, _build, null, context, CancellationToken.None);
            _refusal = outcome.Refusal;
            if (outcome.Accepted) Window?.Close();
        }
        finally
        {
            _busy = false;
        }
    }
}
