using ReleaseDashboard.Core.Views;
using ReleaseDashboard.Endpoints.Contracts;

namespace ReleaseDashboard.Endpoints;

internal static class QueueEndpoints
{
    public static void MapQueue(this IEndpointRouteBuilder api)
    {
        api.MapGet("/queue", async (IDashboardViews views, CancellationToken c) => Results.Ok(QueueJson.From(await views.QueueAsync(c))))
            .WithTags("Queue").WithSummary("Runs that run and that wait").Answer<QueueJson>(200);
        api.MapGet("/activity", ActivityAsync).WithTags("Activity").WithSummary("Who did what, when").Answer<PageJson<ActivityJson>>(200, 400);
    }

    private static async Task<IResult> ActivityAsync([AsParameters] PageQuery page, IDashboardViews views, CancellationToken cancellationToken) =>
        Answers.Page(
            await views.ActivityAsync(page.Read(), cancellationToken),
            row => new ActivityJson(row.Id.ToString(), row.At, row.Actor, row.Action, row.Subject, row.Link));
}
